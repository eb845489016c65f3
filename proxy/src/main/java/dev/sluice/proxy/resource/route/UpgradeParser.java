package dev.sluice.proxy.resource.route;

import com.google.protobuf.BoolValue;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Connect;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads to which protocols clients may change, lower-case, and whether they may. An entry without
 * {@code enabled} says that they may. Stateless.
 */
public final class UpgradeParser {
    /** A token with an optional version (RFC 9110 section 7.8). */
    private static final Pattern PROTOCOL =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}(/[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64})?");

    /** Not changed to by a request of HTTP/1.1 that asks for it. */
    private static final Set<String> NO_UPGRADES = Set.of("connect-udp", "h2c");

    private static final String CONNECT = "connect";

    private UpgradeParser() {}

    /** Protocols that a listener lets a request change to, in lower case, and whether it does. */
    public static Map<String, Boolean> ofListener(
            List<HttpConnectionManager.UpgradeConfig> protos, Spot at) {
        Map<String, Boolean> upgrades = new HashMap<>();
        for (int i = 0; i < protos.size(); i++) {
            var proto = protos.get(i);
            boolean enabled = isOn(proto.hasEnabled(), proto.getEnabled());
            put(proto.getUpgradeType(), enabled, upgrades, at.index(i));
        }
        return upgrades;
    }

    static Map<String, Boolean> ofRoute(List<RouteAction.UpgradeConfig> protos, Spot at) {
        Map<String, Boolean> upgrades = new HashMap<>();
        for (int i = 0; i < protos.size(); i++) {
            var proto = protos.get(i);
            boolean enabled = isOn(proto.hasEnabled(), proto.getEnabled());
            put(proto.getUpgradeType(), enabled, upgrades, at.index(i));
            if (proto.hasConnectConfig() && !proto.getUpgradeType().equalsIgnoreCase(CONNECT)) {
                at.index(i)
                        .field("connect_config")
                        .add(
                                "settings of CONNECT for " + Problem.quote(proto.getUpgradeType()),
                                "upgrade_type CONNECT",
                                "remove it, or write the other type");
            }
        }
        return upgrades;
    }

    /** What becomes of CONNECT; settings of other protocols say nothing of it. */
    static Connect connect(List<RouteAction.UpgradeConfig> protos) {
        return protos.stream()
                        .anyMatch(proto ->
                                proto.getUpgradeType().equalsIgnoreCase(CONNECT)
                                        && proto.hasConnectConfig())
                ? Connect.ENDS_HERE
                : Connect.GOES_ON;
    }

    private static boolean isOn(boolean said, BoolValue enabled) {
        return !said || enabled.getValue();
    }

    private static void put(
            String protocol, boolean enabled, Map<String, Boolean> upgrades, Spot at) {
        Spot spot = at.field("upgrade_type");
        String known = protocol.toLowerCase(Locale.ROOT);
        if (!PROTOCOL.matcher(protocol).matches() || NO_UPGRADES.contains(known)) {
            spot.add(
                    Problem.quote(protocol),
                    "CONNECT, or the name of a protocol that Upgrade can ask for, such as websocket",
                    "write another one, or remove the entry");
        } else if (upgrades.put(known, enabled) != null) {
            spot.add(Problem.quote(protocol) + " twice", "each once", "remove one of them");
        }
    }
}
