#pragma once

#include "begun_arguments.h"
#include "type_table.h"

#include <cstddef>
#include <cstdint>

namespace callfactory {

//! More than any value takes.
constexpr std::uint64_t kTooLarge = UINT64_MAX;

//! How far an array reaches.
struct Extent {
    //! Elements that there is room for.
    std::uint64_t size = 0;
    //! Elements that hold data, or stand before those that do.
    std::uint64_t visible = 0;
};

//! Where the types of a value look up what they refer to: the arguments of a call, or the members
//! of the structure around the value.
//!
//! Borrows everything. An extent whose name is not known, or that is negative, is no extent: there
//! are no elements.
class Scope {
public:
    Scope(const MethodSignature& method, const BegunArguments& arguments) noexcept
        : Scope(method, arguments, arguments)
    {
    }
    //! For memory that was allocated when `given` held, and is read when `arguments` does.
    Scope(const MethodSignature& method, const BegunArguments& given,
        const BegunArguments& arguments) noexcept
        : method_(&method)
        , given_(&given)
        , arguments_(&arguments)
    {
    }

    const MethodSignature& method() const noexcept { return *method_; }
    const TypeNode& node(std::uint32_t index) const noexcept { return method_->node(index); }

    //! Within the structure at `place`.
    Scope Inside(const TypeNode& structure, const void* place) const noexcept
    {
        Scope inner = *this;
        inner.structure_ = &structure;
        inner.place_ = static_cast<const std::byte*>(place);
        return inner;
    }
    //! Behind a pointer, which is as good as what was read with it.
    Scope Behind() const noexcept
    {
        Scope behind = *this;
        behind.given_ = arguments_;
        return behind;
    }

    //! False when nobody knows yet.
    bool Find(std::int32_t name, std::int64_t& value) const noexcept
    {
        return FindIn(*arguments_, name, value);
    }
    //! The IID of an interface pointer of `type`.
    IID IidOf(const TypeNode& type) const noexcept;
    //! False when nobody knows yet.
    bool ExtentOf(const TypeNode& array, Extent& extent) const noexcept;
    //! As ExtentOf; no elements when nobody knows.
    Extent KnownExtentOf(const TypeNode& array) const noexcept;
    //! Bytes from one element to the next, in an array or among characters.
    std::uint64_t StrideOf(const TypeNode& array) const noexcept;
    //! Bytes of the value at `place`; perhaps kTooLarge. Only text without a size, and structures,
    //! look at the place.
    std::uint64_t BytesOf(const TypeNode& type, const void* place) const noexcept;
    //! The type of a union's arm, null for an empty one; false when there is none for the tag.
    bool ArmOf(const TypeNode& type, std::int64_t tag, const TypeNode*& arm) const noexcept;
    //! The tag of the union at `place`; false when nobody knows it.
    bool TagOf(const TypeNode& type, const void* place, std::int64_t& tag) const noexcept;

private:
    bool FindIn(
        const BegunArguments& arguments, std::int32_t name, std::int64_t& value) const noexcept;

    bool VisibleIn(
        const BegunArguments& arguments, const Bound& bound, std::uint64_t& visible) const noexcept;

    const MethodSignature* method_;
    const BegunArguments* given_;
    const BegunArguments* arguments_;
    const TypeNode* structure_ = nullptr;
    const std::byte* place_ = nullptr;
};

//! Reads an integer, a truth value (0 or 1) or an enumeration, perhaps behind pointers.
bool LoadInteger(const MethodSignature& method, const TypeNode& type, const void* place,
    std::int64_t& value) noexcept;

//! Characters at `place`, up to the NUL, and no more than `room` of them.
std::uint64_t LengthOfChars(
    std::uint32_t unit_bytes, const void* place, std::uint64_t room) noexcept;

} // namespace callfactory
