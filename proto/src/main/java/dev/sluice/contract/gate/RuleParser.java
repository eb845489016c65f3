package dev.sluice.contract.gate;

import dev.sluice.contract.CohortName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.ResourceId;
import dev.sluice.contract.match.ApiVersionMatcher;
import dev.sluice.contract.match.CookieMatcher;
import dev.sluice.contract.match.GrpcMatcher;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.contract.match.QueryMatcher;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.contract.match.StringMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Reads the rules of a gate; a part is empty exactly after a problem. Stateless. */
final class RuleParser {
    private static final int MOST_RULES = 256;
    private static final int LAST_SEGMENT = 63;
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z0-9_-]{0,31}");
    private static final Pattern GRPC_SERVICE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]{0,254}");
    private static final Pattern GRPC_METHOD = Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,254})?");

    private RuleParser() {}

    static List<Rule> rules(List<dev.sluice.gate.v1.Rule> protos, Problems at) {
        if (protos.size() > MOST_RULES) {
            at.add(protos.size() + " rules", "at most " + MOST_RULES, "join or remove rules");
        }
        int keys =
                protos.stream()
                        .mapToInt(rule ->
                                rule.getCohort().getIncludeCount()
                                        + rule.getCohort().getExcludeCount())
                        .sum();
        if (keys > CohortMatch.MOST_KEYS_OF_GATE) {
            at.add(
                    keys + " keys of cohorts",
                    "at most " + CohortMatch.MOST_KEYS_OF_GATE + " in one gate",
                    "say them by prefixes, or give these keys a claim or header of their own");
        }
        List<Rule> rules = each(protos, at, RuleParser::rule);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < protos.size(); i++) {
            if (!names.add(protos.get(i).getName())) {
                at.index(i)
                        .field("name")
                        .add(
                                Problem.quote(protos.get(i).getName()) + " for a second time",
                                "a name of its own for every rule",
                                "rename the rule");
            }
        }
        return rules;
    }

    private static Optional<Rule> rule(dev.sluice.gate.v1.Rule proto, Problems at) {
        int before = at.count();
        if (!ResourceId.isValid(proto.getName())) {
            at.field("name").add(Problem.quote(proto.getName()), ResourceId.SHAPE, "name the rule");
        }
        RequestMatch match = match(proto.getMatch(), at.field("match"));
        Optional<CohortMatch> cohort =
                proto.hasCohort()
                        ? cohort(proto.getCohort(), at.field("cohort"))
                        : Optional.empty();
        Optional<Rule.Outcome> outcome =
                switch (proto.getOutcomeCase()) {
                    case ARM ->
                            Fields.required(Arm.class, proto.getArmValue(), at.field("arm"))
                                    .map(Rule.Outcome.Fixed::new);
                    case SHARE -> Optional.of(new Rule.Outcome.ByShare());
                    case OUTCOME_NOT_SET -> {
                        at.add("no outcome", "arm or share", "say what the rule decides");
                        yield Optional.empty();
                    }
                };
        return at.count() > before
                ? Optional.empty()
                : outcome.map(o -> new Rule(proto.getName(), match, cohort, o));
    }

    static Optional<CohortMatch> cohort(dev.sluice.gate.v1.CohortMatch proto, Problems at) {
        int before = at.count();
        Optional<CohortName> name =
                proto.getName().isEmpty()
                        ? Optional.empty()
                        : CohortName.parse(proto.getName(), at.field("name"));
        List<StringMatcher> include = keys(proto.getIncludeList(), at.field("include"));
        List<StringMatcher> exclude = keys(proto.getExcludeList(), at.field("exclude"));
        RequestMatch match = match(proto.getMatch(), at.field("match"));
        return at.count() > before
                ? Optional.empty()
                : Optional.of(new CohortMatch(name, include, exclude, match));
    }

    private static List<StringMatcher> keys(
            List<io.envoyproxy.envoy.type.matcher.v3.StringMatcher> protos, Problems at) {
        if (protos.size() > CohortMatch.MOST_KEYS) {
            at.add(
                    protos.size() + " keys",
                    "at most " + CohortMatch.MOST_KEYS,
                    "say them by prefixes, or split the cohort");
        }
        return each(protos, at, MatcherParser::string);
    }

    private static RequestMatch match(dev.sluice.gate.v1.RuleMatch proto, Problems at) {
        Optional<StringMatcher> path =
                proto.hasPath()
                        ? MatcherParser.string(proto.getPath(), at.field("path"))
                        : Optional.empty();
        List<String> methods =
                each(proto.getMethodsList(), at.field("methods"), RuleParser::method);
        List<HeaderMatcher> headers =
                each(proto.getHeadersList(), at.field("headers"), MatcherParser::header);
        List<QueryMatcher> query =
                each(
                        proto.getQueryParametersList(),
                        at.field("query_parameters"),
                        MatcherParser::query);
        List<CookieMatcher> cookies =
                each(proto.getCookiesList(), at.field("cookies"), RuleParser::cookie);
        Optional<GrpcMatcher> grpc =
                proto.hasGrpcMethod()
                        ? grpc(proto.getGrpcMethod(), at.field("grpc_method"))
                        : Optional.empty();
        List<StringMatcher> clients =
                each(
                        proto.getClientIdentitiesList(),
                        at.field("client_identities"),
                        MatcherParser::string);
        Optional<ApiVersionMatcher> version =
                proto.hasApiVersion()
                        ? apiVersion(proto.getApiVersion(), at.field("api_version"))
                        : Optional.empty();
        return new RequestMatch(path, methods, headers, query, cookies, grpc, clients, version);
    }

    private static Optional<String> method(String method, Problems at) {
        if (METHOD.matcher(method).matches()) {
            return Optional.of(method);
        }
        at.add(Problem.quote(method), METHOD.pattern(), "give an HTTP method in upper case");
        return Optional.empty();
    }

    private static Optional<CookieMatcher> cookie(
            dev.sluice.gate.v1.CookieMatch proto, Problems at) {
        int before = at.count();
        Fields.text(proto.getName(), 1, 128, at.field("name"));
        Optional<StringMatcher> value =
                proto.hasValue()
                        ? MatcherParser.string(proto.getValue(), at.field("value"))
                        : Optional.empty();
        HeaderMatcher.Sense sense =
                proto.getInvert() ? HeaderMatcher.Sense.FAILS : HeaderMatcher.Sense.HOLDS;
        return at.count() > before
                ? Optional.empty()
                : Optional.of(new CookieMatcher(proto.getName(), value, sense));
    }

    private static Optional<GrpcMatcher> grpc(dev.sluice.gate.v1.GrpcMethod proto, Problems at) {
        boolean service = GRPC_SERVICE.matcher(proto.getService()).matches();
        boolean method = GRPC_METHOD.matcher(proto.getMethod()).matches();
        if (!service) {
            at.field("service")
                    .add(
                            Problem.quote(proto.getService()),
                            GRPC_SERVICE.pattern(),
                            "give the full service name, such as shop.v1.Orders");
        }
        if (!method) {
            at.field("method")
                    .add(
                            Problem.quote(proto.getMethod()),
                            GRPC_METHOD.pattern(),
                            "give the bare method name, or none for every method");
        }
        if (!service || !method) {
            return Optional.empty();
        }
        return Optional.of(
                proto.getMethod().isEmpty()
                        ? GrpcMatcher.service(proto.getService())
                        : GrpcMatcher.method(proto.getService(), proto.getMethod()));
    }

    private static Optional<ApiVersionMatcher> apiVersion(
            dev.sluice.gate.v1.ApiVersionMatch proto, Problems at) {
        Optional<ApiVersionMatcher.Source> source =
                switch (proto.getSourceCase()) {
                    case HEADER ->
                            MatcherParser.headerName(proto.getHeader(), at.field("header"))
                                    .map(ApiVersionMatcher.Source.Header::new);
                    case PATH_SEGMENT -> segment(proto.getPathSegment(), at.field("path_segment"));
                    case SOURCE_NOT_SET -> {
                        at.add("no source", "header or path_segment", "say where it stands");
                        yield Optional.empty();
                    }
                };
        Optional<StringMatcher> value = MatcherParser.string(proto.getValue(), at.field("value"));
        return source.isPresent() && value.isPresent()
                ? Optional.of(new ApiVersionMatcher(source.get(), value.get()))
                : Optional.empty();
    }

    private static Optional<ApiVersionMatcher.Source> segment(int index, Problems at) {
        int before = at.count();
        int segment = Fields.number(index, 0, LAST_SEGMENT, at);
        return at.count() > before
                ? Optional.empty()
                : Optional.of(new ApiVersionMatcher.Source.PathSegment(segment));
    }

    private static <P, R> List<R> each(
            List<P> protos, Problems at, BiFunction<P, Problems, Optional<R>> parse) {
        List<R> read = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            parse.apply(protos.get(i), at.index(i)).ifPresent(read::add);
        }
        return read;
    }
}
