#pragma once

#include "type_table.h"

#include <memory>

namespace callfactory {

//! Arguments that one function can have.
constexpr std::size_t kMaxFunctionArguments = 12;

//! What comes back in the register of a function's result.
enum class FunctionReturns : std::uint8_t {
    kHresult,
    kVoid,
    //! FALSE means failure, and GetLastError why.
    kBool,
    //! NULL means failure, and GetLastError why; else an out value.
    kHandle,
    //! WAIT_FAILED means failure, and GetLastError why; else an out value.
    kWait,
    //! An out value; there is no failure.
    kValue,
    kLast = kValue,
};

//! Where a function runs, unless its call may block.
enum class FunctionPlace : std::uint8_t {
    //! On the apartment's ordered thread.
    kThread,
    //! There, also when that thread is in no apartment.
    kThreadOutsideCom,
    //! At once, on whatever thread asks for it.
    kAnywhere,
    kLast = kAnywhere,
};

//! One argument of a function in C.
struct FunctionArgument {
    //! Which parameter it is; kNone: always `literal`.
    std::int32_t param;
    std::int32_t literal;
};

//! A function of Windows, compiled once from its descriptor.
struct FunctionSignature {
    //! Its parameters as JavaScript has them; slots mean nothing.
    std::shared_ptr<const MethodSignature> params;
    //! As many as kMaxFunctionArguments at most.
    std::vector<FunctionArgument> arguments;
    FunctionReturns returns = FunctionReturns::kHresult;
    FunctionPlace place = FunctionPlace::kThread;
    //! The out parameter that the result goes to; kNone for none.
    std::int32_t result = kNone;
    void* entry = nullptr;
};

//! Reads the words that function-words.ts writes; false when they make no sense.
bool CompileFunction(const std::int32_t* words, std::size_t word_count,
    std::shared_ptr<const MethodSignature> params, FunctionSignature& function);

//! The address of `name` in a DLL of the system, or among our own for an empty `library`; null when
//! this system has none.
void* ResolveFunction(const std::wstring& library, const std::string& name) noexcept;

} // namespace callfactory
