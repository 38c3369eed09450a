#pragma once

#include "type_table.h"

#include <cstddef>

namespace callfactory {

//! Hands out the words of a method; after the first one that makes no sense everything is an error.
class TypeWords {
public:
    TypeWords(const std::int32_t* words, std::size_t count) noexcept
        : next_(words)
        , end_(words + count)
    {
    }

    std::int32_t Next() noexcept
    {
        if (next_ != end_)
            return *next_++;
        ok_ = false;
        return 0;
    }

    //! The next word, which must lie below `limit`.
    std::uint32_t Below(std::size_t limit) noexcept
    {
        const std::int32_t word = Next();
        if (word >= 0 && static_cast<std::size_t>(word) < limit)
            return static_cast<std::uint32_t>(word);
        ok_ = false;
        return 0;
    }

    bool Flag() noexcept { return Below(2) != 0; }

    //! The next word, a parameter of the synchronous method, a member, or kNone.
    std::int32_t Name() noexcept
    {
        const std::int32_t word = Next();
        const bool is_param = word >= kNone && word < static_cast<std::int32_t>(kMaxParams);
        ok_ = ok_ && (is_param || (word >= kFirstMember && word < kFirstMember + kMaxMembers));
        return word;
    }

    //! A number of 64 bits, its lower half first.
    std::int64_t Wide() noexcept
    {
        const auto low = static_cast<std::uint32_t>(Next());
        const auto high = static_cast<std::uint32_t>(Next());
        return static_cast<std::int64_t>(std::uint64_t{ high } << 32 | low);
    }

    void Fail() noexcept { ok_ = false; }
    bool ok() const noexcept { return ok_; }
    bool done() const noexcept { return ok_ && next_ == end_; }

    static constexpr std::int32_t kMaxMembers = 1024;

private:
    const std::int32_t* next_;
    const std::int32_t* end_;
    bool ok_ = true;
};

//! Reads one type, which refers to types in `known`, by value, or to any of `type_count` types
//! behind a pointer.
void ReadTypeNode(TypeNode& node, TypeWords& words, const std::vector<TypeNode>& known,
    std::uint32_t type_count, const std::vector<std::string>& names);

} // namespace callfactory
