#pragma once

#include <string>

namespace callfactory {

//! Functions in place of Windows' own where those say too little to a caller from JavaScript; each
//! takes what core's table of functions says, and returns an HRESULT. Null for an unknown name.
void* FindOwnFunction(const std::string& name) noexcept;

} // namespace callfactory
