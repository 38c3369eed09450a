#pragma once

#include <cstdint>
#include <string>
#include <vector>
#include <windows.h>

namespace callfactory {

//! "No such parameter, member or type."
constexpr std::int32_t kNone = -1;
//! Names below it are parameters of the *synchronous* method: an async half may lie apart from its
//! counts (FIN-11). From it on they are members of the structure around the type.
constexpr std::int32_t kFirstMember = 64;
//! Structures, unions and arrays in each other, and values behind pointers in values.
constexpr unsigned kMaxTypeDepth = 64;

enum class TypeKind : std::uint8_t {
    kInt,
    kHyper,
    kFloat,
    kBool,
    kGuid,
    kEnum,
    kString,
    kBstr,
    kStruct,
    kArray,
    kPointer,
    kInterface,
    kUnion,
    kChars,
    kLast = kChars,
};

enum class PointerKind : std::uint8_t { kUnique, kRef, kFull };

struct StructField {
    std::string name;
    std::uint32_t node;
    std::uint32_t offset_bytes;
    //! An extent, a union or an interface pointer of the structure refers to it.
    bool is_named;
};

struct UnionLabel {
    std::int64_t value;
    //! Index into `arms`.
    std::uint32_t arm;
};

//! Where the extent of an array, or of characters, comes from; see kFirstMember for names.
struct Bound {
    //! A fixed length; kNone: conformant.
    std::int32_t length = kNone;
    //! size_is, or max_is when one is to be added.
    std::int32_t size = kNone;
    bool size_is_last = false;
    //! length_is, or last_is.
    std::int32_t data = kNone;
    bool data_is_last = false;
    std::int32_t first = kNone;
};

//! One type, laid out for x64 and arm64 Windows; refers to others by index.
struct TypeNode {
    TypeKind kind = TypeKind::kInt;
    bool is_signed = false;
    PointerKind pointer = PointerKind::kUnique;
    //! Memory hangs on a value: something to free, or to release.
    bool owns = false;
    bool has_interfaces = false;
    //! The size of a value depends on the call: conformant, perhaps in its last member.
    bool is_open = false;
    //! Something in it refers to a parameter.
    bool refers_to_params = false;
    std::uint8_t depth = 0;
    //! Of an open type: the least that a value takes.
    std::uint32_t size_bytes = 0;
    std::uint32_t align_bytes = 1;
    std::uint32_t true_bits = 1;
    //! Element of an array, target of a pointer, discriminant of a union.
    std::uint32_t target = 0;
    Bound bound;
    //! What says which arm a union has; kNone: a tag before the arm.
    std::int32_t switch_is = kNone;
    std::int32_t iid_is = kNone;
    std::uint32_t interface_id = 0;
    //! Of a union: where the arms are.
    std::uint32_t arm_offset_bytes = 0;
    //! Index into `arms` of the default arm.
    std::int32_t default_arm = kNone;
    //! Of an interface pointer: what `interface_id` stands for.
    IID iid{};
    std::vector<StructField> fields;
    //! The types of a union's arms; kNone for an empty one.
    std::vector<std::int32_t> arms;
    std::vector<UnionLabel> labels;
};

} // namespace callfactory
