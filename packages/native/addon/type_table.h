#pragma once

#include "type_node.h"

namespace callfactory {

//! Parameters that one method can have.
constexpr unsigned kMaxParams = 32;
//! Most methods have no more: with other thunks the rest would be copied for nothing.
constexpr unsigned kFewParams = 8;

enum class Direction : std::uint8_t { kIn, kOut, kInOut };

//! How the eight-byte argument comes from the parameter's storage.
enum class Passing : std::uint8_t {
    //! Its bits.
    kByValue,
    //! Its address.
    kByReference,
    //! The address of memory that the caller provides; the storage holds that address.
    kElements,
};

struct ParamSignature {
    std::uint32_t node;
    Direction direction;
    Passing passing;
    //! Its place in the synchronous method.
    std::uint32_t sync_index;
    std::uint32_t storage_offset;
    //! An extent, a union or an interface pointer refers to it.
    bool is_named;
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
    //! Pointers may meet at one target, or a callee may make them lead round in a circle.
    bool has_shared_targets = false;
    //! Something is to be freed after a call.
    bool has_memory = false;
    std::uint32_t storage_bytes = 0;
    std::uint32_t out_count = 0;
    std::uint32_t in_count = 0;
    std::vector<ParamSignature> params;
    std::vector<TypeNode> nodes;

    const TypeNode& node(std::uint32_t index) const noexcept { return nodes[index]; }
};

//! Reads the words that signature-words.ts writes; false when they make no sense.
bool CompileMethod(const std::string& name, const std::int32_t* words, std::size_t word_count,
    const std::vector<std::string>& field_names, MethodSignature& method);

} // namespace callfactory
