#pragma once

#include "value_scope.h"

#include <random>
#include <vector>

namespace sanitize {

using callfactory::Scope;
using callfactory::TypeNode;

//! Fills memory with random values of a type, as JavaScript or a callee would make them.
class ValueBuilder {
public:
    explicit ValueBuilder(std::uint32_t seed)
        : random_(seed)
    {
    }

    //! Fills zeroed memory at `place`. Something `is_named` is a small number.
    void Build(const Scope& scope, const TypeNode& type, void* place, bool is_named);
    //! Allocates memory for a value, and fills it; null when it would be too large.
    void* BuildBlock(const Scope& scope, const TypeNode& type);

    //! Interface pointers made so far, and blocks behind full pointers that were used again.
    std::size_t interfaces() const { return interfaces_; }
    std::size_t shared() const { return shared_; }
    std::uint32_t Below(std::uint32_t limit) { return random_() % limit; }

private:
    void BuildPointer(const Scope& scope, const TypeNode& type, void** place);
    void BuildMembers(const Scope& scope, const TypeNode& type, void* place, bool named);
    void BuildElements(const Scope& scope, const TypeNode& array, void* elements);
    void BuildUnion(const Scope& scope, const TypeNode& type, void* place);
    void BuildCounts(const Scope& scope, const TypeNode& type, void* place);
    void BuildScalar(const TypeNode& type, void* place, bool is_named);

    struct Block {
        const TypeNode* type;
        void* memory;
    };

    std::mt19937 random_;
    std::size_t interfaces_ = 0;
    std::size_t shared_ = 0;
    unsigned depth_ = 0;
    unsigned budget_ = 2000;
    std::vector<Block> blocks_;
};

} // namespace sanitize
