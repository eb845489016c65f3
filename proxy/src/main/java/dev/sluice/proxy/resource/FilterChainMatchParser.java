package dev.sluice.proxy.resource;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.snapshot.CidrSpec;
import dev.sluice.proxy.snapshot.FilterChainMatchSpec;
import dev.sluice.proxy.snapshot.FilterChainMatchSpec.SourceType;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import java.net.InetAddress;
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
                ranges(proto.getPrefixRangesList(), at.field("prefix_ranges")),
                serverNames(proto, at.field("server_names")),
                proto.getTransportProtocol(),
                proto.getApplicationProtocolsList(),
                ranges(
                        proto.getDirectSourcePrefixRangesList(),
                        at.field("direct_source_prefix_ranges")),
                sourceType(proto, at.field("source_type")),
                ranges(proto.getSourcePrefixRangesList(), at.field("source_prefix_ranges")),
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

    private static List<CidrSpec> ranges(List<CidrRange> protos, Spot at) {
        List<CidrSpec> ranges = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            CidrRange proto = protos.get(i);
            Spot spot = at.index(i);
            if (!Values.isIp(proto.getAddressPrefix())) {
                spot.field("address_prefix")
                        .add(
                                Problem.quote(proto.getAddressPrefix()),
                                "an IPv4 or IPv6 address",
                                "write the address");
                continue;
            }
            InetAddress address = InetAddress.ofLiteral(proto.getAddressPrefix());
            int bits = address.getAddress().length * Byte.SIZE;
            ranges.add(
                    new CidrSpec(
                            address,
                            proto.hasPrefixLen()
                                    ? Values.number(
                                            proto.getPrefixLen(), 0, bits, spot.field("prefix_len"))
                                    : 0));
        }
        return ranges;
    }
}
