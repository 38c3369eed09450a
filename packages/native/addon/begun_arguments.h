#pragma once

#include "type_table.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace callfactory {

//! What a Begin_ was given that its Finish_ needs: counts and IIDs, by place in the synchronous
//! method.
struct BegunArguments {
    std::array<std::uint32_t, kMaxParams> counts{};
    //! Bit i: the caller gave counts[i].
    std::uint32_t known = 0;
    std::vector<std::pair<std::int32_t, IID>> iids;

    bool Knows(std::int32_t index) const noexcept
    {
        return index >= 0 && (known >> index & 1) != 0;
    }
};

} // namespace callfactory
