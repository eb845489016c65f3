package dev.sluice.proxy.resource.route;

import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.resource.filter.FilterSettings;
import dev.sluice.proxy.resource.filter.GateConfigs;
import dev.sluice.proxy.resource.header.HeaderMutationParser;
import dev.sluice.proxy.resource.part.RouteMatchParser;
import dev.sluice.proxy.resource.read.DataSources;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteSpec;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Optional;

/**
 * Reads routes of one virtual host; empty after a problem. Immutable.
 *
 * @param inherited by routes that say nothing about it
 * @param bodyBytes longest body of a direct response
 */
record RouteParser(Inherited inherited, int bodyBytes) {

    Optional<RouteSpec> parse(Route proto, Spot at) {
        int before = at.problems().count();
        Optional<RouteMatchSpec> match =
                RouteMatchParser.parse(proto.getMatch(), at.field("match"));
        Optional<RouteActionSpec> action = action(proto, at);
        Optional<RouteGate> gate =
                GateConfigs.route(
                        proto.getTypedPerFilterConfigMap(),
                        proto.getName(),
                        at.field("typed_per_filter_config"));
        var filters =
                FilterSettings.ofRoute(
                        proto.getTypedPerFilterConfigMap(), at.field("typed_per_filter_config"));
        var headers =
                HeaderMutationParser.parse(
                        proto.getRequestHeadersToRemoveList(),
                        proto.getRequestHeadersToAddList(),
                        proto.getResponseHeadersToRemoveList(),
                        proto.getResponseHeadersToAddList(),
                        at);
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new RouteSpec(
                                proto.getName(),
                                match.orElseThrow(),
                                RouteMatchParser.share(proto.getMatch()),
                                action.orElseThrow(),
                                gate,
                                filters,
                                headers));
    }

    private Optional<RouteActionSpec> action(Route proto, Spot at) {
        return switch (proto.getActionCase()) {
            case ROUTE -> ForwardParser.parse(proto.getRoute(), inherited, at.field("route"));
            case REDIRECT -> RedirectParser.parse(proto.getRedirect(), at.field("redirect"));
            case DIRECT_RESPONSE -> direct(proto.getDirectResponse(), at.field("direct_response"));
            case FILTER_ACTION, NON_FORWARDING_ACTION ->
                    Optional.empty(); // refused fields, already said
            case ACTION_NOT_SET -> {
                at.add(
                        "a route to nowhere",
                        "route, redirect or direct_response",
                        "say what the route does");
                yield Optional.empty();
            }
        };
    }

    private Optional<RouteActionSpec> direct(DirectResponseAction proto, Spot at) {
        int before = at.problems().count();
        if (proto.getStatus() < 200 || proto.getStatus() > 599) {
            at.field("status")
                    .add(
                            Integer.toUnsignedString(proto.getStatus()),
                            "200..599",
                            "write a status in this range");
        }
        var bytes =
                switch (proto.getBody().getSpecifierCase()) {
                    case INLINE_STRING -> proto.getBody().getInlineStringBytes();
                    case INLINE_BYTES -> proto.getBody().getInlineBytes();
                    case FILENAME, ENVIRONMENT_VARIABLE ->
                            DataSources.text(proto.getBody(), at.field("body"))
                                    .map(com.google.protobuf.ByteString::copyFromUtf8)
                                    .orElse(com.google.protobuf.ByteString.EMPTY);
                    case SPECIFIER_NOT_SET -> com.google.protobuf.ByteString.EMPTY;
                };
        if (bytes.size() > bodyBytes) {
            at.field("body")
                    .add(
                            bytes.size() + " bytes",
                            "at most " + bodyBytes,
                            "raise max_direct_response_body_size_bytes or shorten the body");
        }
        if (!bytes.isValidUtf8()) {
            at.field("body").add("bytes that are no UTF-8", "a text", "write inline_string");
        }
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new RouteActionSpec.DirectResponse(
                                proto.getStatus(), bytes.toStringUtf8()));
    }
}
