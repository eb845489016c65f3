package dev.sluice.contract.gate;

import com.google.protobuf.Empty;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.match.ApiVersionMatcher;
import dev.sluice.contract.match.CookieMatcher;
import dev.sluice.contract.match.GrpcMatcher;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherWriter;
import dev.sluice.contract.match.RequestMatch;

/** Writes the rules of a gate. Stateless. */
final class RuleWriter {
    private RuleWriter() {}

    static dev.sluice.gate.v1.Rule rule(Rule rule) {
        dev.sluice.gate.v1.Rule.Builder proto =
                dev.sluice.gate.v1.Rule.newBuilder().setName(rule.name());
        if (!rule.match().isEvery()) {
            proto.setMatch(match(rule.match()));
        }
        rule.cohort().ifPresent(cohort -> proto.setCohort(cohort(cohort)));
        return switch (rule.outcome()) {
            case Rule.Outcome.Fixed(Arm arm) ->
                    proto.setArm(dev.sluice.gate.v1.Arm.valueOf(arm.name())).build();
            case Rule.Outcome.ByShare() -> proto.setShare(Empty.getDefaultInstance()).build();
        };
    }

    static dev.sluice.gate.v1.CohortMatch cohort(CohortMatch cohort) {
        dev.sluice.gate.v1.CohortMatch.Builder proto =
                dev.sluice.gate.v1.CohortMatch.newBuilder()
                        .setName(cohort.name().map(CohortName::name).orElse(""));
        cohort.include().forEach(key -> proto.addInclude(MatcherWriter.string(key)));
        cohort.exclude().forEach(key -> proto.addExclude(MatcherWriter.string(key)));
        if (!cohort.match().isEvery()) {
            proto.setMatch(match(cohort.match()));
        }
        return proto.build();
    }

    private static dev.sluice.gate.v1.RuleMatch match(RequestMatch match) {
        dev.sluice.gate.v1.RuleMatch.Builder proto =
                dev.sluice.gate.v1.RuleMatch.newBuilder().addAllMethods(match.methods());
        match.path().ifPresent(path -> proto.setPath(MatcherWriter.string(path)));
        match.headers().forEach(header -> proto.addHeaders(MatcherWriter.header(header)));
        match.queryParameters()
                .forEach(query -> proto.addQueryParameters(MatcherWriter.query(query)));
        match.cookies().forEach(cookie -> proto.addCookies(cookie(cookie)));
        match.grpc().ifPresent(grpc -> proto.setGrpcMethod(grpc(grpc)));
        match.clientIdentities().forEach(id -> proto.addClientIdentities(MatcherWriter.string(id)));
        match.apiVersion().ifPresent(version -> proto.setApiVersion(apiVersion(version)));
        return proto.build();
    }

    private static dev.sluice.gate.v1.CookieMatch cookie(CookieMatcher cookie) {
        dev.sluice.gate.v1.CookieMatch.Builder proto =
                dev.sluice.gate.v1.CookieMatch.newBuilder()
                        .setName(cookie.name())
                        .setInvert(cookie.sense() == HeaderMatcher.Sense.FAILS);
        cookie.value().ifPresent(value -> proto.setValue(MatcherWriter.string(value)));
        return proto.build();
    }

    private static dev.sluice.gate.v1.GrpcMethod grpc(GrpcMatcher grpc) {
        return dev.sluice.gate.v1.GrpcMethod.newBuilder()
                .setService(grpc.service())
                .setMethod(grpc.method())
                .build();
    }

    private static dev.sluice.gate.v1.ApiVersionMatch apiVersion(ApiVersionMatcher version) {
        dev.sluice.gate.v1.ApiVersionMatch.Builder proto =
                dev.sluice.gate.v1.ApiVersionMatch.newBuilder()
                        .setValue(MatcherWriter.string(version.value()));
        return switch (version.source()) {
            case ApiVersionMatcher.Source.Header(String name) -> proto.setHeader(name).build();
            case ApiVersionMatcher.Source.PathSegment(int index) ->
                    proto.setPathSegment(index).build();
        };
    }
}
