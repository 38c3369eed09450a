#pragma once

#include "call_frame.h"
#include "function_table.h"
#include "js_settler.h"

#include <memory>

namespace callfactory {

//! A function of COM, on a thread of an apartment.
class FunctionOperation final : public Operation {
public:
    FunctionOperation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket,
        std::shared_ptr<Apartment> apartment, std::shared_ptr<const FunctionSignature> function,
        std::unique_ptr<CallFrame> frame) noexcept;
    Napi::Value Result(Napi::Env env) override { return frame_->Unpack(env, function_hr_); }
    //! It is for the function to say what it needs (APT-02).
    bool RunsOutsideCom() const noexcept override
    {
        return function_->place == FunctionPlace::kThreadOutsideCom;
    }

private:
    HRESULT Execute() noexcept override;
    HRESULT Judge(std::uint64_t returned) noexcept;

    std::shared_ptr<Apartment> apartment_;
    std::shared_ptr<const FunctionSignature> function_;
    std::unique_ptr<CallFrame> frame_;
    HRESULT function_hr_ = E_PENDING;
};

} // namespace callfactory
