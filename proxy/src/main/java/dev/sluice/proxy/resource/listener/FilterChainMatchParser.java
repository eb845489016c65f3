package dev.sluice.proxy.resource.listener;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec;
import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec.SourceType;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads which connections a filter chain is for. Stateless. */
final class FilterChainMatchParser {
    private static final int LAST_PORT = 65_535;
    private static final Set<String> TRANSPORTS = Set.of("", "tls", "raw_buffer");
    private static final Pattern SERVER_NAME = Pattern.compile("(\\*\\.)?[^*]+");

    private FilterChainMatchParser() {}

    static FilterChainMatchSpec parse(FilterChainMatch proto, Spot at) {
        if (!TRANSPORTS.contains(proto.getTransportProtocol())) {
            at.field("transport_protocol")
                    .add(
                            Problem.quote(proto.getTransportProtocol()),
                            "tls or raw_buffer",
                            "choose one of these");
        }
        return new FilterChainMatchSpec(
                proto.hasDestinationPort()
                        ? OptionalInt.of(
                                Values.number(
                                        proto.getDestinationPort(),
                                        1,
                                        LAST_PORT,
                                        at.field("destination_port")))
                        : OptionalInt.empty(),
                Addresses.ranges(proto.getPrefixRangesList(), at.field("prefix_ranges")),
                serverNames(proto, at.field("server_names")),
                proto.getTransportProtocol(),
                proto.getApplicationProtocolsList(),
                Addresses.ranges(
                        proto.getDirectSourcePrefixRangesList(),
                        at.field("direct_source_prefix_ranges")),
                sourceType(proto, at.field("source_type")),
                Addresses.ranges(
                        proto.getSourcePrefixRangesList(), at.field("source_prefix_ranges")),
                proto.getSourcePortsList());
    }

    private static List<String> serverNames(FilterChainMatch proto, Spot at) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < proto.getServerNamesCount(); i++) {
            String name = proto.getServerNames(i);
            if (SERVER_NAME.matcher(name).matches()) {
                names.add(name.toLowerCase(Locale.ROOT));
            } else {
                at.index(i)
                        .add(
                                Problem.quote(name),
                                "a name, or *. and a name",
                                "write such as *.example.com");
            }
        }
        return names;
    }

    private static SourceType sourceType(FilterChainMatch proto, Spot at) {
        return switch (proto.getSourceType()) {
            case ANY -> SourceType.ANY;
            case SAME_IP_OR_LOOPBACK -> SourceType.SAME_IP_OR_LOOPBACK;
            case EXTERNAL -> SourceType.EXTERNAL;
            case UNRECOGNIZED -> {
                at.add("an unknown type", "ANY, SAME_IP_OR_LOOPBACK or EXTERNAL", "choose one");
                yield SourceType.ANY;
            }
        };
    }
}
