package dev.sluice.proxy.resource.filter;

import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.RbacSpec.Rule;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a policy is about; empty after a problem. Stateless. */
final class PermissionParser {
    List<Rule> all(List<Permission> protos, Spot at) {
        RbacParser.notEmpty(protos.size(), at);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            one(protos.get(i), at.index(i)).ifPresent(rules::add);
        }
        return rules;
    }

    private Optional<Rule> one(Permission proto, Spot at) {
        return switch (proto.getRuleCase()) {
            case AND_RULES ->
                    Optional.of(
                            new Rule.All(
                                    all(
                                            proto.getAndRules().getRulesList(),
                                            at.field("and_rules").field("rules"))));
            case OR_RULES ->
                    Optional.of(
                            new Rule.OneOf(
                                    all(
                                            proto.getOrRules().getRulesList(),
                                            at.field("or_rules").field("rules"))));
            case ANY -> RbacParser.any(proto.getAny(), at);
            case HEADER ->
                    MatcherParser.header(proto.getHeader(), at.field("header").problems())
                            .map(Rule.Header::new);
            case URL_PATH -> RbacParser.path(proto.getUrlPath(), at.field("url_path"));
            case DESTINATION_IP ->
                    RbacParser.range(proto.getDestinationIp(), at.field("destination_ip"))
                            .map(Rule.DestinationIp::new);
            case DESTINATION_PORT -> {
                long port = Integer.toUnsignedLong(proto.getDestinationPort());
                RbacParser.portInRange(port, at.field("destination_port"));
                yield Optional.of(new Rule.DestinationPort((int) port, (int) port));
            }
            case DESTINATION_PORT_RANGE -> ports(proto, at.field("destination_port_range"));
            case NOT_RULE -> one(proto.getNotRule(), at.field("not_rule")).map(Rule.Not::new);
            case REQUESTED_SERVER_NAME ->
                    MatcherParser.string(
                                    proto.getRequestedServerName(),
                                    at.field("requested_server_name").problems())
                            .map(Rule.ServerName::new);
            case METADATA, MATCHER, URI_TEMPLATE, SOURCED_METADATA ->
                    Optional.empty(); // refused fields, already said
            case RULE_NOT_SET -> RbacParser.unset("permission", at);
        };
    }

    /** Envoy's range ends before its {@code end}. */
    private static Optional<Rule> ports(Permission proto, Spot at) {
        var range = proto.getDestinationPortRange();
        if (range.getStart() < 0 || range.getEnd() > 65_536 || range.getStart() >= range.getEnd()) {
            at.add(
                    range.getStart() + ".." + range.getEnd(),
                    "a start in 0..65535 and an end after it, at most 65536",
                    "write the first port and the one after the last");
            return Optional.empty();
        }
        return Optional.of(new Rule.DestinationPort(range.getStart(), range.getEnd() - 1));
    }
}
