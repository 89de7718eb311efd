// `crtool check`: what the running kernel offers, as a table or as an exit status.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/error.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/json.h"
#include "sys/features.h"

namespace crtool::cli {
namespace {

struct CheckArguments {
    std::string feature;
    bool json = false;
};

const char* need_text(sys::FeatureNeed need) {
    switch (need) {
        case sys::FeatureNeed::required:
            return "required";
        case sys::FeatureNeed::object:
            return "for some";
        case sys::FeatureNeed::speed:
            return "for speed";
    }
    return "";
}

int check_one(const std::string& name) {
    auto feature = sys::probe_feature(name);
    if (!feature)
        fail(Errc::usage, "check: no feature '{}'; known are {}", name,
             fmt::join(sys::feature_names(), ", "));
    const char* verdict = feature->works ? "works" : "is missing";
    fmt::print("{} {}{}{}\n", feature->name, verdict, feature->detail.empty() ? "" : ": ",
               feature->detail);
    return feature->works ? kExitOk : kExitFailed;
}

void print_json(const std::vector<sys::Feature>& features) {
    std::string rows;
    for (const sys::Feature& feature : features) {
        JsonObject row;
        row.add("name", feature.name);
        row.add("works", feature.works);
        row.add("need", need_text(feature.need));
        row.add("purpose", feature.purpose);
        row.add("detail", feature.detail);
        rows += (rows.empty() ? "" : ",") + row.text();
    }
    fmt::print("[{}]\n", rows);
}

void print_table(const std::vector<sys::Feature>& features) {
    size_t width = 0;
    for (const sys::Feature& feature : features)
        width = std::max(width, feature.name.size());
    for (const sys::Feature& feature : features) {
        fmt::print("{} {:<{}}  {:<9}  {}", feature.works ? "yes" : "no ", feature.name, width,
                   need_text(feature.need), feature.purpose);
        fmt::print("{}\n", feature.detail.empty() ? "" : fmt::format(" ({})", feature.detail));
    }
}

int run(const CheckArguments& arguments) {
    if (!arguments.feature.empty())
        return check_one(arguments.feature);
    std::vector<sys::Feature> features = sys::probe_features();
    auto blocks = [](const sys::Feature& feature) {
        return feature.need == sys::FeatureNeed::required && !feature.works;
    };
    bool good = std::none_of(features.begin(), features.end(), blocks);
    if (arguments.json) {
        print_json(features);
    } else {
        print_table(features);
        fmt::print("\n{}\n", good ? "Looks good."
                                  : "Something required is missing: crtool cannot work here.");
    }
    return good ? kExitOk : kExitFailed;
}

}  // namespace

Command add_check(CLI::App& parent, const Arguments&) {
    auto arguments = std::make_shared<CheckArguments>();
    CLI::App* app = parent.add_subcommand("check", "Tell what the running kernel offers");
    app->add_option("--feature", arguments->feature, "Only this one; the exit status tells")
        ->type_name("NAME");
    app->add_flag("--json", arguments->json, "As JSON");
    // Drivers ask with these; the table always has everything.
    for (const char* name : {"--extra", "--all", "--experimental", "--no-default-config"})
        app->add_flag(name)->group("");
    return {app, [arguments] { return run(*arguments); }};
}

}  // namespace crtool::cli
