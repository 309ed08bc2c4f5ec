// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/interpreter.hpp"

#include "apps/program.hpp"
#include "apps/unit_text.hpp"

#include <algorithm>
#include <array>

namespace sockledger {

namespace {

/// How an interpreter's options go on. Letters are of options with one dash, which may stand together
/// ("-Bum"); words are of long ones. Whatever is not here takes no argument.
struct Interpreter {
    std::string_view names{};         ///< a version may follow: "python3.11"
    std::string_view code{};          ///< the program is in the argument or comes from elsewhere
    std::string_view script{};        ///< the argument is the script or a module
    std::string_view argument{};      ///< the argument is attached or follows
    std::string_view attached{};      ///< the argument is attached or there is none
    std::string_view long_argument{}; ///< the argument follows
    std::string_view long_code{};     ///< as `code`
    std::string_view long_script{};   ///< the script follows behind "="
    std::string_view subcommands{};   ///< words before a script; any other word is no script
};

/// From the manual page of each: python(1), perlrun(1), ruby(1), node(1), bash(1), php(1), …
constexpr std::array<Interpreter, 17> interpreters{{
    {.names = "python pypy",
     .code = "c",
     .script = "m",
     .argument = "WXQ",
     .long_argument = "--check-hash-based-pycs"},
    {.names = "perl", .code = "eE", .argument = "I", .attached = "MmxiFCVDd"},
    {.names = "ruby jruby", .code = "e", .argument = "ICrE", .attached = "xWKiFT"},
    {.names = "node nodejs",
     .code = "ep",
     .argument = "rC",
     .long_argument = "--require --import --loader --experimental-loader --conditions --title --env-file "
                      "--input-type --inspect-port --icu-data-dir --openssl-config --trace-event-categories",
     .long_code = "--eval --print"},
    {.names = "deno",
     .argument = "cLr",
     .long_argument = "--config --import-map --lock --location --seed",
     .subcommands = "run serve test bench"},
    {.names = "bun",
     .code = "ep",
     .argument = "rc",
     .long_argument = "--preload --config --cwd",
     .long_code = "--eval --print",
     .subcommands = "run test"},
    {.names = "bash sh dash ash zsh ksh mksh rbash",
     .code = "cs",
     .argument = "oO",
     .long_argument = "--rcfile --init-file"},
    {.names = "fish",
     .code = "c",
     .argument = "CDdfo",
     .long_argument = "--init-command --features",
     .long_code = "--command"},
    {.names = "php", .code = "rBRE", .script = "f", .argument = "cdzStT", .long_script = "--file="},
    {.names = "lua luajit", .argument = "eljOb"},
    {.names = "tclsh wish"},
    {.names = "guile", .code = "c", .script = "s", .argument = "lLxC"},
    {.names = "gjs gjs-console",
     .code = "c",
     .script = "m",
     .argument = "CI",
     .long_argument = "--coverage-prefix --coverage-output --include-path",
     .long_code = "--command"},
    {.names = "julia", .code = "eE", .argument = "CHJLpt", .long_code = "--eval --print"},
    {.names = "R Rscript", .code = "e", .script = "f", .argument = "g", .long_script = "--file="},
    {.names = "mono mono-sgen dotnet", .subcommands = "exec"},
    {.names = "electron"},
}};

constexpr std::string_view wine = "wine wine64 wine-preloader wine64-preloader";

const Interpreter* find(std::string_view name) {
    const auto fits = [&](const Interpreter& interpreter) {
        if (is_one_of(name, interpreter.names)) {
            return true;
        }
        const auto end = name.find_last_not_of("0123456789.-");
        return end != name.npos && is_one_of(name.substr(0, end + 1), interpreter.names);
    };
    const auto found = std::ranges::find_if(interpreters, fits);
    return found == interpreters.end() ? nullptr : &*found;
}

using Arguments = std::vector<std::string_view>;

/// One argument after the other; an empty one behind the last.
class Walk {
public:
    explicit Walk(const Arguments& arguments) : arguments_(arguments) {}
    bool more() const { return at_ < arguments_.size(); }
    std::string_view next() { return more() ? arguments_[at_++] : std::string_view(); }

private:
    const Arguments& arguments_;
    std::size_t at_ = 1;
};

bool has(std::string_view letters, char letter) {
    return letters.find(letter) != letters.npos;
}

enum class Found { Nothing, Script, NoScript };

Found long_option(const Interpreter& interpreter, std::string_view option, Walk& walk,
                  std::string_view& script) {
    if (!interpreter.long_script.empty() && remove_prefix(option, interpreter.long_script)) {
        script = option;
        return Found::Script;
    }
    if (is_one_of(option.substr(0, option.find('=')), interpreter.long_code)) {
        return Found::NoScript;
    }
    if (is_one_of(option, interpreter.long_argument)) {
        walk.next();
    }
    return Found::Nothing;
}

Found letters(const Interpreter& interpreter, std::string_view option, Walk& walk, std::string_view& script) {
    for (std::size_t i = 1; i < option.size(); ++i) {
        const char letter = option[i];
        const std::string_view rest = option.substr(i + 1);
        if (has(interpreter.code, letter)) {
            return Found::NoScript;
        }
        if (has(interpreter.script, letter)) {
            script = rest.empty() ? walk.next() : rest;
            return Found::Script;
        }
        if (has(interpreter.argument, letter) && rest.empty()) {
            walk.next();
        }
        if (has(interpreter.argument, letter) || has(interpreter.attached, letter)) {
            break;
        }
    }
    return Found::Nothing;
}

std::string_view find_script(const Interpreter& interpreter, const Arguments& arguments) {
    Walk walk(arguments);
    while (walk.more()) {
        const std::string_view word = walk.next();
        if (word == "--") {
            return walk.next();
        }
        if (word.size() < 2 || (word.front() != '-' && word.front() != '+')) {
            const bool is_name = word.find_first_of("./") == word.npos;
            if (interpreter.subcommands.empty() || !is_name) {
                return word == "-" ? std::string_view() : word;
            }
            if (!is_one_of(word, interpreter.subcommands)) {
                return {};
            }
            continue;
        }
        std::string_view script;
        const Found found = word.starts_with("--") ? long_option(interpreter, word, walk, script)
                                                   : letters(interpreter, word, walk, script);
        if (found != Found::Nothing) {
            return script;
        }
    }
    return {};
}

/// java(1): options have one dash and many letters; a jar, a module or a class ends them.
std::string_view find_java(const Arguments& arguments) {
    constexpr std::string_view with_argument =
        "-cp -classpath --class-path -p --module-path --upgrade-module-path --add-modules --add-reads "
        "--add-exports --add-opens --limit-modules --patch-module --enable-native-access --source";
    Walk walk(arguments);
    while (walk.more()) {
        const std::string_view word = walk.next();
        if (word == "-jar") {
            return walk.next();
        }
        if (word == "-m" || word == "--module") {
            return after_last(walk.next(), '/');
        }
        if (is_one_of(word, with_argument)) {
            walk.next();
        } else if (!word.starts_with('-') && !word.starts_with('@')) {
            return word;
        }
    }
    return {};
}

/// Wine makes the program's Windows path its first argument; before that "wine" is in front.
std::string_view find_windows_program(const Arguments& arguments) {
    for (const std::string_view word : arguments) {
        if (word.ends_with(".exe") || word.ends_with(".EXE")) {
            return word;
        }
    }
    return {};
}

std::string_view find_script(std::string_view name, const Arguments& arguments) {
    if (name == "java") {
        return find_java(arguments);
    }
    if (is_one_of(name, wine)) {
        return find_windows_program(arguments);
    }
    const Interpreter* interpreter = find(name);
    return interpreter ? find_script(*interpreter, arguments) : std::string_view();
}

} // namespace

bool is_interpreter(std::string_view name) {
    return name == "java" || is_one_of(name, wine) || find(name);
}

std::string_view script_of(std::string_view interpreter, const std::vector<std::string>& arguments) {
    // A script that gives itself a title writes it over all arguments: "npm install", "gunicorn: master".
    if (arguments.size() == 1 && arguments.front().find(' ') != std::string::npos) {
        const Arguments words = split(arguments.front(), ' ');
        if (!words.empty() && !is_interpreter(after_last(words.front(), '/'))) {
            std::string_view title = words.front();
            remove_suffix(title, ":");
            return title.starts_with('-') ? std::string_view() : title;
        }
        return find_script(interpreter, words);
    }
    return find_script(interpreter, Arguments(arguments.begin(), arguments.end()));
}

std::string script_name(std::string_view script) {
    constexpr std::string_view bundle = "/app.asar"; // of Electron
    if (remove_suffix(script, bundle)) {
        remove_suffix(script, "/resources");
    }
    return std::string(after_last(after_last(script, '/'), '\\'));
}

} // namespace sockledger
