#include "js_settler.h"

#include <mutex>
#include <utility>

namespace callfactory {

Operation::Operation(std::shared_ptr<JsSettler> settler, std::uint32_t ticket) noexcept
    : settler_(std::move(settler))
    , ticket_(ticket)
{
}

void Operation::Run() noexcept { Settle(Execute()); }

void Operation::Abandon(HRESULT hr) noexcept { Settle(hr); }

Napi::Value Operation::Result(Napi::Env env) { return env.Undefined(); }

void Operation::Settle(HRESULT hr) noexcept
{
    hr_ = hr;
    const std::shared_ptr<JsSettler> settler = settler_;
    settler->Post(this);
}

std::shared_ptr<JsSettler> JsSettler::Create(Napi::Env env, Napi::Function on_batch)
{
    auto settler = std::make_shared<JsSettler>();
    napi_status status = napi_create_threadsafe_function(env, on_batch, nullptr,
        Napi::String::New(env, "callfactory"), 0, 1, nullptr, nullptr, settler.get(), &OnWake,
        &settler->wake_);
    // Only Hold keeps the loop alive: an apartment at rest must not.
    if (status == napi_ok)
        status = napi_unref_threadsafe_function(env, settler->wake_);
    return status == napi_ok ? settler : nullptr;
}

JsSettler::~JsSettler()
{
    while (Task* task = settled_.Pop())
        delete task;
}

void JsSettler::Post(Operation* operation) noexcept
{
    {
        std::lock_guard guard(lock_);
        if (!closed_) {
            const bool first = settled_.empty();
            settled_.Push(operation);
            // Under the lock: past the gate the thread-safe function may be freed at any time.
            if (first)
                napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
            return;
        }
    }
    delete operation;
}

void JsSettler::Close() noexcept
{
    TaskList late;
    {
        std::lock_guard guard(lock_);
        closed_ = true;
        late = settled_.Take();
    }
    while (Task* task = late.Pop())
        delete task;
}

void JsSettler::Hold(Napi::Env env) noexcept
{
    if (holds_++ == 0 && !closed_)
        napi_ref_threadsafe_function(env, wake_);
}

void JsSettler::Unhold(Napi::Env env) noexcept
{
    if (holds_ != 0 && --holds_ == 0 && !closed_)
        napi_unref_threadsafe_function(env, wake_);
}

void JsSettler::OnWake(napi_env env, napi_value on_batch, void* context, void*) noexcept
{
    // A null environment: the thread-safe function drains itself while it is torn down.
    if (env == nullptr)
        return;
    const auto self = static_cast<JsSettler*>(context)->shared_from_this();
    self->Drain(Napi::Env(env), Napi::Function(env, on_batch));
}

//! Turns all that has settled into one call of JavaScript.
void JsSettler::Drain(Napi::Env env, Napi::Function on_batch) noexcept
{
    TaskList batch;
    {
        std::lock_guard guard(lock_);
        batch = settled_.Take();
    }
    Napi::HandleScope scope(env);
    Napi::Array triples = Napi::Array::New(env);
    std::uint32_t length = 0;
    while (Task* task = batch.Pop()) {
        const std::unique_ptr<Operation> operation(static_cast<Operation*>(task));
        Napi::HandleScope inner(env);
        HRESULT hr = operation->hr();
        Napi::Value value = env.Undefined();
        if (SUCCEEDED(hr))
            value = operation->Result(env);
        if (env.IsExceptionPending()) {
            env.GetAndClearPendingException();
            hr = E_OUTOFMEMORY;
            value = env.Undefined();
        }
        triples.Set(length++, Napi::Number::New(env, operation->ticket()));
        triples.Set(length++, Napi::Number::New(env, static_cast<std::uint32_t>(hr)));
        triples.Set(length++, value);
    }
    if (length != 0)
        on_batch.Call({ triples });
}

} // namespace callfactory
