#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>
#include <windows.h>

namespace callfactory {

//! Parameters that one method can have; the invoker passes as many eight-byte arguments always.
constexpr unsigned kMaxParams = 15;
//! "No such parameter."
constexpr std::int32_t kNone = -1;

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
    kLast = kInterface,
};

struct StructField {
    std::string name;
    std::uint32_t node;
    std::uint32_t offset_bytes;
};

//! One type, laid out for x64 and arm64 Windows; refers to others by index.
struct TypeNode {
    TypeKind kind = TypeKind::kInt;
    bool is_signed = false;
    bool is_ref = false;
    //! Memory hangs on a value: something to free, or to release.
    bool owns = false;
    bool has_interfaces = false;
    std::uint32_t size_bytes = 0;
    std::uint32_t align_bytes = 1;
    std::uint32_t true_bits = 1;
    //! Element of an array, target of a pointer.
    std::uint32_t target = 0;
    //! Fixed length of an array; kNone: conformant.
    std::int32_t length = kNone;
    //! Parameters of the *synchronous* method: an async half may lie apart from its counts
    //! (FIN-11).
    std::int32_t size_is = kNone;
    std::int32_t length_is = kNone;
    std::int32_t iid_is = kNone;
    std::uint32_t interface_id = 0;
    //! Of an interface pointer: what `interface_id` stands for.
    IID iid{};
    std::vector<StructField> fields;
};

enum class Direction : std::uint8_t { kIn, kOut, kInOut };

//! How the eight-byte argument comes from the parameter's storage.
enum class Passing : std::uint8_t {
    //! Its bits.
    kByValue,
    //! Its address.
    kByReference,
    //! The address of elements that the caller provides; the storage holds that address.
    kElements,
};

struct ParamSignature {
    std::uint32_t node;
    Direction direction;
    Passing passing;
    //! Its place in the synchronous method.
    std::uint32_t sync_index;
    std::uint32_t storage_offset;
    //! An array is sized by it.
    bool is_count;
};

//! Which half of a synchronous method an asynchronous one is.
enum class Half : std::uint8_t { kNone, kBegin, kFinish };

enum class Returns : std::uint8_t { kHresult, kVoid, kUlong };

//! A method, compiled once from its descriptor.
struct MethodSignature {
    std::string name;
    std::uint32_t slot = 0;
    std::uint32_t sync_slot = 0;
    Half half = Half::kNone;
    Returns returns = Returns::kHresult;
    //! Which of the first three arguments travel in floating-point registers.
    std::uint8_t double_mask = 0;
    bool has_interfaces = false;
    std::uint32_t storage_bytes = 0;
    std::uint32_t out_count = 0;
    std::uint32_t in_count = 0;
    std::vector<ParamSignature> params;
    std::vector<TypeNode> nodes;

    const TypeNode& node(std::uint32_t index) const noexcept { return nodes[index]; }
    //! The array behind `param`, itself or through one pointer; null when there is none.
    const TypeNode* ArrayOf(const ParamSignature& param) const noexcept;
};

//! Reads the words that signature-words.ts writes; false when they make no sense.
bool CompileMethod(const std::string& name, const std::int32_t* words, std::size_t word_count,
    const std::vector<std::string>& field_names, MethodSignature& method);

} // namespace callfactory
