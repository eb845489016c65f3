package dev.sluice.proxy.resource.filter;

import dev.sluice.contract.match.MatcherParser;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.RbacSpec.Rule;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whom a policy is about; empty after a problem. Stateless. */
final class PrincipalParser {
    List<Rule> all(List<Principal> protos, Spot at) {
        RbacParser.notEmpty(protos.size(), at);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            one(protos.get(i), at.index(i)).ifPresent(rules::add);
        }
        return rules;
    }

    @SuppressWarnings("deprecation") // Envoy still obeys source_ip
    private Optional<Rule> one(Principal proto, Spot at) {
        return switch (proto.getIdentifierCase()) {
            case AND_IDS ->
                    Optional.of(
                            new Rule.All(
                                    all(
                                            proto.getAndIds().getIdsList(),
                                            at.field("and_ids").field("ids"))));
            case OR_IDS ->
                    Optional.of(
                            new Rule.OneOf(
                                    all(
                                            proto.getOrIds().getIdsList(),
                                            at.field("or_ids").field("ids"))));
            case ANY -> RbacParser.any(proto.getAny(), at);
            case AUTHENTICATED -> authenticated(proto, at.field("authenticated"));
            case SOURCE_IP ->
                    RbacParser.range(proto.getSourceIp(), at.field("source_ip"))
                            .map(Rule.ConnectionIp::new);
            case DIRECT_REMOTE_IP ->
                    RbacParser.range(proto.getDirectRemoteIp(), at.field("direct_remote_ip"))
                            .map(Rule.PeerIp::new);
            case REMOTE_IP ->
                    RbacParser.range(proto.getRemoteIp(), at.field("remote_ip"))
                            .map(Rule.ClientIp::new);
            case HEADER ->
                    MatcherParser.header(proto.getHeader(), at.field("header").problems())
                            .map(Rule.Header::new);
            case URL_PATH -> RbacParser.path(proto.getUrlPath(), at.field("url_path"));
            case NOT_ID -> one(proto.getNotId(), at.field("not_id")).map(Rule.Not::new);
            case METADATA, FILTER_STATE, SOURCED_METADATA, CUSTOM ->
                    Optional.empty(); // refused fields, already said
            case IDENTIFIER_NOT_SET -> RbacParser.unset("principal", at);
        };
    }

    private static Optional<Rule> authenticated(Principal proto, Spot at) {
        if (!proto.getAuthenticated().hasPrincipalName()) {
            return Optional.of(new Rule.Authenticated(Optional.empty()));
        }
        Optional<StringMatcher> name =
                MatcherParser.string(
                        proto.getAuthenticated().getPrincipalName(),
                        at.field("principal_name").problems());
        return name.map(Optional::of).map(Rule.Authenticated::new);
    }
}
