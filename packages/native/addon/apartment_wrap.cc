#include "apartment_wrap.h"

#include "activation.h"
#include "addon_data.h"

#include <algorithm>

namespace callfactory {

namespace {

//! Settles when it is its turn; for what an apartment does by itself.
class Milestone final : public Operation {
public:
    using Operation::Operation;

private:
    HRESULT Execute() noexcept override { return S_OK; }
};

} // namespace

Napi::Function ApartmentWrap::Define(Napi::Env env)
{
    return DefineClass(env, "NativeApartment",
        {
            InstanceMethod<&ApartmentWrap::JS_activate>("activate"),
            InstanceMethod<&ApartmentWrap::JS_unmarshal>("unmarshal"),
            InstanceAccessor<&ApartmentWrap::JS_id>("id"),
            InstanceMethod<&ApartmentWrap::JS_implement>("implement"),
            InstanceMethod<&ApartmentWrap::JS_registerClass>("registerClass"),
            InstanceMethod<&ApartmentWrap::JS_revokeClass>("revokeClass"),
            InstanceMethod<&ApartmentWrap::JS_probe>("probe"),
            InstanceMethod<&ApartmentWrap::JS_close>("close"),
        });
}

Napi::Value ApartmentWrap::Open(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    if (arguments.failed())
        return info.Env().Undefined();
    const std::string name = info[1].IsString() ? info[1].As<Napi::String>().Utf8Value() : "";
    if (name != "sta" && name != "mta") {
        Napi::TypeError::New(info.Env(), "an apartment is \"sta\" or \"mta\"")
            .ThrowAsJavaScriptException();
        return info.Env().Undefined();
    }
    AddonData& data = AddonData::Of(info.Env());
    const ApartmentKind kind = name == "sta" ? ApartmentKind::kSta : ApartmentKind::kMta;
    auto apartment = std::make_shared<Apartment>(kind, data.settler.get());
    std::erase_if(data.apartments, [](const auto& each) { return each.expired(); });
    data.apartments.push_back(apartment);
    Napi::Value wrap = data.apartment_class_.New(
        { Napi::External<std::shared_ptr<Apartment>>::New(info.Env(), &apartment) });
    apartment->Start(new Milestone(data.settler, ticket));
    return wrap;
}

ApartmentWrap::ApartmentWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<ApartmentWrap>(info)
{
    if (info[0].IsExternal())
        apartment_ = *info[0].As<Napi::External<std::shared_ptr<Apartment>>>().Data();
    else
        Napi::TypeError::New(info.Env(), "not constructible").ThrowAsJavaScriptException();
}

ApartmentWrap::~ApartmentWrap()
{
    if (apartment_)
        apartment_->Stop(nullptr);
}

void ApartmentWrap::JS_activate(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    const CLSID clsid = arguments.Guid(1);
    std::uint32_t interface_id = 0;
    const IID iid = arguments.Interface(2, interface_id);
    std::wstring library = arguments.PathOrNull(3);
    if (!arguments.failed())
        apartment_->Post(new ActivateOperation(AddonData::Of(info.Env()).settler, ticket,
            apartment_, clsid, std::move(library), iid, interface_id));
}

void ApartmentWrap::JS_unmarshal(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    std::vector<std::uint8_t> objref = arguments.Bytes(1);
    std::uint32_t interface_id = 0;
    const IID iid = arguments.Interface(2, interface_id);
    if (!arguments.failed())
        apartment_->Post(new UnmarshalOperation(AddonData::Of(info.Env()).settler, ticket,
            apartment_, std::move(objref), iid, interface_id));
}

void ApartmentWrap::JS_probe(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    if (!arguments.failed())
        apartment_->Post(new ProbeOperation(AddonData::Of(info.Env()).settler, ticket));
}

void ApartmentWrap::JS_close(const Napi::CallbackInfo& info)
{
    Arguments arguments(info);
    const std::uint32_t ticket = arguments.Uint32(0);
    if (!arguments.failed())
        apartment_->Stop(new Milestone(AddonData::Of(info.Env()).settler, ticket));
}

} // namespace callfactory
