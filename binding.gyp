{
  # node-gyp with MSVC on Windows builds the same sources as packages/native/CMakeLists.txt does with
  # MinGW. Elsewhere there is nothing to build.
  "variables": {
    "addon": "packages/native/addon",
    "fixture": "packages/native/fixture"
  },
  "target_defaults": {
    "default_configuration": "Release",
    # Evaluated last: the settings of Node.js would have the last word otherwise.
    "target_conditions": [
      ["_type!='none'", {
        # Node.js builds without exceptions; std::thread says with one that there is no thread.
        "defines!": ["_HAS_EXCEPTIONS=0"],
        "defines": [
          "UNICODE",
          "_UNICODE",
          "WIN32_LEAN_AND_MEAN",
          "NOMINMAX",
          "_HAS_EXCEPTIONS=1",
          "_WIN32_WINNT=0x0A00"
        ],
        "msvs_settings": {
          "VCCLCompilerTool": {
            "ExceptionHandling": 1,
            "RuntimeLibrary": 0,
            "AdditionalOptions!": ["-std:c++17", "/std:c++17"],
            "AdditionalOptions": ["/std:c++20", "/W4"]
          }
        }
      }]
    ]
  },
  "conditions": [
    ["OS=='win'", {
      "targets": [
        {
          "target_name": "callfactory",
          "sources": ["<!@(node packages/native/scripts/list-sources.mjs <(addon))"],
          "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
          "defines": [
            "NAPI_VERSION=8",
            "NAPI_DISABLE_CPP_EXCEPTIONS",
            "NODE_ADDON_API_DISABLE_DEPRECATED",
            "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
          ],
          "libraries": ["ole32.lib", "oleaut32.lib", "uuid.lib", "user32.lib"]
        },
        {
          "target_name": "callfactory_fixture",
          "type": "shared_library",
          "sources": [
            "<!@(node packages/native/scripts/list-sources.mjs <(fixture))",
            "<(fixture)/fixture.def"
          ],
          "include_dirs": ["<(addon)"],
          "libraries": ["ole32.lib", "oleaut32.lib", "uuid.lib", "user32.lib", "advapi32.lib"],
          "win_delay_load_hook": "false"
        },
        {
          # Where the loader looks, and where the MinGW build puts them.
          "target_name": "deploy",
          "type": "none",
          "dependencies": ["callfactory", "callfactory_fixture"],
          "copies": [
            {
              "destination": "packages/native/build/Release",
              "files": ["<(PRODUCT_DIR)/callfactory.node", "<(PRODUCT_DIR)/callfactory_fixture.dll"]
            }
          ]
        }
      ]
    }, {
      "targets": [{ "target_name": "callfactory", "type": "none" }]
    }]
  ]
}
