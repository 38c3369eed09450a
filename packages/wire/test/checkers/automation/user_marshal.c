/* Marshals with oleaut32: values of its own, and what it makes of bytes that it is given.
 *
 * user_marshal.exe                  prints the values of write_values(), one NAME:HEX a line
 * user_marshal.exe KIND:HEX...      unmarshals each, marshals it again and prints its hex;
 *                                   KIND is v for VARIANT, a for LPSAFEARRAY, b for BSTR
 *
 * The last line is "end". Bytes stand as in a message: VARIANTs at a multiple of 8, the others 4
 * behind one, where the marker of a first parameter leaves them. */

#define COBJMACROS
#include <windows.h>

#include <oleauto.h>
#include <rpcproxy.h>
#include <stdio.h>
#include <string.h>

#define CAPACITY 4096

ULONG __RPC_USER VARIANT_UserSize(ULONG* flags, ULONG start, VARIANT* value);
unsigned char* __RPC_USER VARIANT_UserMarshal(ULONG* flags, unsigned char* at, VARIANT* value);
unsigned char* __RPC_USER VARIANT_UserUnmarshal(ULONG* flags, unsigned char* at, VARIANT* value);
unsigned char* __RPC_USER LPSAFEARRAY_UserMarshal(ULONG*, unsigned char* at, LPSAFEARRAY* value);
unsigned char* __RPC_USER LPSAFEARRAY_UserUnmarshal(ULONG*, unsigned char* at, LPSAFEARRAY* value);

static RPC_MESSAGE rpc;
static MIDL_STUB_MESSAGE stub;
static USER_MARSHAL_CB callback;
static unsigned char __attribute__((aligned(8))) buffer[CAPACITY];

/* Sets everything up for one call on `buffer`. */
static ULONG* begin(USER_MARSHAL_CB_TYPE type)
{
    memset(&rpc, 0, sizeof(rpc));
    memset(&stub, 0, sizeof(stub));
    memset(&callback, 0, sizeof(callback));
    rpc.Buffer = buffer;
    rpc.BufferLength = CAPACITY;
    stub.RpcMsg = &rpc;
    stub.Buffer = stub.BufferStart = buffer;
    stub.BufferEnd = buffer + CAPACITY;
    stub.BufferLength = CAPACITY;
    callback.Flags = MAKELONG(MSHCTX_DIFFERENTMACHINE, NDR_LOCAL_DATA_REPRESENTATION);
    callback.pStubMsg = &stub;
    callback.Signature = USER_MARSHAL_CB_SIGNATURE;
    callback.CBType = type;
    return &callback.Flags;
}

static void print(const char* name, const unsigned char* from, const unsigned char* to)
{
    printf("%s:", name);
    for (; from < to; from++)
        printf("%02x", *from);
    printf("\n");
}

static void write_variant(const char* name, VARIANT* value)
{
    memset(buffer, 0, CAPACITY);
    print(name, buffer, VARIANT_UserMarshal(begin(USER_MARSHAL_CB_MARSHALL), buffer, value));
}

static void write_array(const char* name, LPSAFEARRAY value)
{
    unsigned char* at = buffer + 4;
    memset(buffer, 0, CAPACITY);
    print(name, at, LPSAFEARRAY_UserMarshal(begin(USER_MARSHAL_CB_MARSHALL), at, &value));
}

static void write_bstr(const char* name, BSTR value)
{
    unsigned char* at = buffer + 4;
    memset(buffer, 0, CAPACITY);
    print(name, at, BSTR_UserMarshal(begin(USER_MARSHAL_CB_MARSHALL), at, &value));
}

static void write_variants(void)
{
    VARIANT value;
    VARIANT inner;
    DECIMAL decimal = { 0 };
    BSTR text = SysAllocString(L"abc");

    decimal.scale = 2;
    decimal.sign = DECIMAL_NEG;
    decimal.Hi32 = 0x11223344;
    decimal.Lo64 = 5;
    VariantInit(&inner);
    inner.vt = VT_I8;
    inner.llVal = -5;

    VariantInit(&value);
    write_variant("empty", &value);
    value.vt = VT_NULL;
    write_variant("null", &value);
    value.vt = VT_UI1;
    value.bVal = 200;
    write_variant("ui1", &value);
    value.vt = VT_I4;
    value.lVal = -7;
    write_variant("i4", &value);
    value.vt = VT_CY;
    value.cyVal.int64 = -125000;
    write_variant("cy", &value);
    value.vt = VT_DATE;
    value.date = 45351.5;
    write_variant("date", &value);
    value.vt = VT_BSTR;
    value.bstrVal = text;
    write_variant("bstr", &value);
    value.bstrVal = NULL;
    write_variant("null bstr", &value);
    value.vt = VT_BSTR | VT_BYREF;
    value.pbstrVal = &text;
    write_variant("bstr by reference", &value);
    value.vt = VT_DECIMAL | VT_BYREF;
    value.pdecVal = &decimal;
    write_variant("decimal by reference", &value);
    value.vt = VT_VARIANT | VT_BYREF;
    value.pvarVal = &inner;
    write_variant("variant by reference", &value);
    value.decVal = decimal;
    value.vt = VT_DECIMAL;
    write_variant("decimal", &value);
}

static void write_arrays(void)
{
    SAFEARRAYBOUND bounds[2] = { { 2, 5 }, { 3, -1 } };
    LPSAFEARRAY array = SafeArrayCreate(VT_I2, 2, bounds);
    VARIANT value;
    short* shorts = array->pvData;
    double* doubles;
    int i;

    for (i = 0; i < 6; i++)
        shorts[i] = (short)(i + 1);
    write_array("matrix", array);
    VariantInit(&value);
    value.vt = VT_ARRAY | VT_I2;
    value.parray = array;
    write_variant("matrix in a variant", &value);
    value.vt = VT_ARRAY | VT_I2 | VT_BYREF;
    value.pparray = &array;
    write_variant("matrix by reference", &value);

    bounds[0].cElements = 2;
    bounds[0].lLbound = 0;
    array = SafeArrayCreate(VT_R8, 1, bounds);
    doubles = array->pvData;
    doubles[1] = 1.5;
    write_array("doubles", array);
    array = SafeArrayCreate(VT_BOOL, 1, bounds);
    ((VARIANT_BOOL*)array->pvData)[0] = VARIANT_TRUE;
    write_array("booleans", array);
    write_array("unknowns", SafeArrayCreate(VT_UNKNOWN, 1, bounds));
    write_array("none", NULL);
}

static void write_values(void)
{
    write_variants();
    write_arrays();
    write_bstr("string", SysAllocString(L"abc"));
    write_bstr("no string", NULL);
    write_bstr("empty string", SysAllocString(L""));
}

static void read_hex(const char* hex, unsigned char* at)
{
    unsigned int byte;
    for (; at < buffer + CAPACITY && sscanf(hex, "%2x", &byte) == 1; hex += 2)
        *at++ = (unsigned char)byte;
}

/* Reads what stands in `buffer`, and writes it again. */
static void echo(char kind, const char* hex)
{
    unsigned char* at = kind == 'v' ? buffer : buffer + 4;
    VARIANT value;
    LPSAFEARRAY array = NULL;
    BSTR text = NULL;

    memset(buffer, 0, CAPACITY);
    read_hex(hex, at);
    VariantInit(&value);
    switch (kind) {
    case 'v':
        VARIANT_UserUnmarshal(begin(USER_MARSHAL_CB_UNMARSHALL), at, &value);
        write_variant("v", &value);
        break;
    case 'a':
        LPSAFEARRAY_UserUnmarshal(begin(USER_MARSHAL_CB_UNMARSHALL), at, &array);
        write_array("a", array);
        break;
    default:
        BSTR_UserUnmarshal(begin(USER_MARSHAL_CB_UNMARSHALL), at, &text);
        write_bstr("b", text);
        break;
    }
}

int main(int argc, char** argv)
{
    int i;

    CoInitialize(NULL);
    if (argc == 1)
        write_values();
    for (i = 1; i < argc; i++)
        echo(argv[i][0], argv[i] + 2);
    printf("end\n");
    return 0;
}
