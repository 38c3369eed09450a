#pragma once

#include "value_scope.h"

#include <napi.h>
#include <unordered_map>
#include <vector>

namespace callfactory {

//! How deep values may be nested behind pointers, as in checkArgs.
constexpr unsigned kMaxNesting = 1200;

//! Reads the JavaScript values of one call into memory. JavaScript thread.
//!
//! What hangs on a value is allocated as COM's rules want it (CoTaskMemAlloc, SysAllocString);
//! interface pointers become AddRef'd ObjectRef*. Also on failure the memory is fit for ValueFreer.
class ValueReader {
public:
    ValueReader(Napi::Env env, const MethodSignature& method);

    //! Reads into zeroed memory; false when the value does not fit the type.
    bool Read(const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept;
    //! Allocates memory for a value, and reads it; sets `block` also on failure.
    bool ReadBlock(
        const Scope& scope, const TypeNode& type, Napi::Value value, void*& block) noexcept;

private:
    struct Shared {
        std::uint32_t node;
        void* block;
    };

    enum class Members { kNamed, kOthers };

    bool ReadMembers(const Scope& scope, const TypeNode& type, Napi::Value value, void* place,
        Members which) noexcept;
    bool ReadUnion(
        const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept;
    bool ReadPointer(
        const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept;
    bool ReadElements(
        const Scope& scope, const TypeNode& array, Napi::Value value, void* elements) noexcept;
    bool ReadChars(
        const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept;
    bool ReadCounts(
        const Scope& scope, const TypeNode& type, Napi::Value value, void* place) noexcept;
    bool Allocate(
        const Scope& scope, const TypeNode& type, Napi::Value value, void*& block) noexcept;
    bool AllocateOpen(
        const Scope& scope, const TypeNode& type, Napi::Value value, void*& block) noexcept;
    bool Member(Napi::Value object, const char* name, Napi::Value& member) noexcept;
    bool FindShared(
        Napi::Value value, std::uint32_t node, void*& block, std::size_t& index) noexcept;

    Napi::Env env_;
    unsigned depth_ = 0;
    //! A Map from the objects that full pointers lead to, to their places in `shared_`.
    Napi::Object map_;
    std::vector<std::vector<Shared>> shared_;
};

//! Makes JavaScript values of the memory of one call, which stays as it is; ObjectRef* become
//! JavaScript objects. JavaScript thread.
class ValueWriter {
public:
    ValueWriter(Napi::Env env, const MethodSignature& method);

    Napi::Value Write(const Scope& scope, const TypeNode& type, const void* place);
    //! A value was nested too deep for JavaScript, or had no arm for its tag.
    bool failed() const noexcept { return failed_; }

private:
    Napi::Value WriteStruct(const Scope& scope, const TypeNode& type, const void* place);
    Napi::Value WriteUnion(const Scope& scope, const TypeNode& type, const void* place);
    Napi::Value WriteTarget(const Scope& scope, const TypeNode& type, const void* target);
    Napi::Value WriteElements(const Scope& scope, const TypeNode& array, const void* elements);
    Napi::Value WriteChars(const Scope& scope, const TypeNode& type, const void* place);
    //! Says that `object`, still empty, is what the pointers that are being followed lead to.
    void Made(Napi::Value object);

    //! What a full pointer leads to, as which type.
    struct Target {
        const void* address;
        std::uint32_t node;
        bool operator==(const Target&) const noexcept = default;
    };
    struct TargetHash {
        std::size_t operator()(const Target& target) const noexcept
        {
            return std::hash<const void*>()(target.address) ^ target.node;
        }
    };

    Napi::Env env_;
    unsigned depth_ = 0;
    bool failed_ = false;
    //! The objects made for the targets of full pointers.
    Napi::Array made_;
    std::unordered_map<Target, std::uint32_t, TargetHash> places_;
    //! Targets that nothing was made for yet; several when pointers lead to pointers.
    std::vector<Target> awaited_;
};

//! Length of a typed array or an array; false for any other value.
bool LengthOf(Napi::Value value, std::uint32_t& length) noexcept;

} // namespace callfactory
