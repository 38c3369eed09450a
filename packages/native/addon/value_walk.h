#pragma once

#include "value_scope.h"

#include <unordered_set>
#include <vector>

namespace callfactory {

//! What a walk through a value meets. Each place is visited once, however many pointers lead to it.
class ValueVisitor {
public:
    //! The place of an interface pointer that is not null, which the visitor may replace.
    virtual void OnInterface(const TypeNode& type, const IID& iid, void** place) noexcept = 0;
    //! The place of a string, or of another pointer than to an interface, that is not null. What a
    //! pointer leads to is visited afterwards.
    virtual void OnMemory(const TypeNode&, void**) noexcept { }

protected:
    ~ValueVisitor() = default;
};

//! Which parts of a value a walk looks for.
enum class WalkFor : std::uint8_t { kInterfaces, kMemory };

//! Walks through the values of one call; remembers what it has seen where pointers may meet.
//!
//! Long lists take no stack: what a pointer leads to is put off.
class ValueWalk {
public:
    ValueWalk(ValueVisitor& visitor, WalkFor wanted) noexcept
        : visitor_(visitor)
        , wanted_(wanted)
    {
    }
    ValueWalk(const ValueWalk&) = delete;
    ValueWalk& operator=(const ValueWalk&) = delete;

    void Walk(const Scope& scope, const TypeNode& type, void* place) noexcept;

private:
    struct Target {
        Scope scope;
        const TypeNode* type;
        void* place;
    };

    bool Wants(const TypeNode& type) const noexcept
    {
        return wanted_ == WalkFor::kMemory ? type.owns : type.has_interfaces;
    }
    void Visit(const Scope& scope, const TypeNode& type, void* place) noexcept;
    void VisitPointer(const Scope& scope, const TypeNode& type, void** place) noexcept;
    void VisitElements(const Scope& scope, const TypeNode& array, void* elements) noexcept;
    void VisitUnion(const Scope& scope, const TypeNode& type, void* place) noexcept;

    ValueVisitor& visitor_;
    const WalkFor wanted_;
    std::vector<Target> targets_;
    std::unordered_set<const void*> seen_;
};

} // namespace callfactory
