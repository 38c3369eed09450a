#pragma once

#include "type_table.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace callfactory {

//! What extents, unions and interface pointers refer to: counts, tags and IIDs, by place in the
//! synchronous method. A Finish_ needs those that its Begin_ was given (FIN-11).
struct BegunArguments {
    std::array<std::int64_t, kMaxParams> counts{};
    //! Bit i: counts[i] is known.
    std::uint32_t known = 0;
    std::vector<std::pair<std::int32_t, IID>> iids;

    bool Knows(std::int32_t index) const noexcept
    {
        return index >= 0 && index < static_cast<std::int32_t>(kMaxParams)
            && (known >> index & 1) != 0;
    }
    void Learn(std::uint32_t index, std::int64_t count) noexcept
    {
        counts[index] = count;
        known |= 1u << index;
    }
    //! Learns from the value of a parameter that others refer to.
    void Learn(const MethodSignature& method, const ParamSignature& param, const void* place);
};

} // namespace callfactory
