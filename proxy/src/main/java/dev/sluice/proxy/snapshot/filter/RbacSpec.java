package dev.sluice.proxy.snapshot.filter;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.StringMatcher;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what (Envoy {@code config.rbac.v3.RBAC}). Immutable.
 *
 * @param action what a match of a policy means
 * @param policies tried in the order of their names
 */
public record RbacSpec(Action action, List<Policy> policies) {
    public RbacSpec {
        policies = List.copyOf(policies);
    }

    /** What a match of a policy means. */
    public enum Action {
        /** Only requests that a policy matches pass. */
        ALLOW,
        /** Requests that a policy matches do not pass. */
        DENY,
        /** Every request passes. */
        LOG
    }

    /**
     * Matches when one of the permissions and one of the principals does.
     *
     * @param name for logs
     */
    public record Policy(String name, List<Rule> permissions, List<Rule> principals) {
        public Policy {
            permissions = List.copyOf(permissions);
            principals = List.copyOf(principals);
        }
    }

    /** A condition on a request: what Envoy calls a permission or a principal. */
    public sealed interface Rule {
        record Any() implements Rule {}

        record All(List<Rule> rules) implements Rule {
            public All {
                rules = List.copyOf(rules);
            }
        }

        record OneOf(List<Rule> rules) implements Rule {
            public OneOf {
                rules = List.copyOf(rules);
            }
        }

        record Not(Rule rule) implements Rule {}

        record Header(HeaderMatcher matcher) implements Rule {}

        /** The path without query. */
        record UrlPath(StringMatcher matcher) implements Rule {}

        /** The address that the client reached. */
        record DestinationIp(AddressRange range) implements Rule {}

        /** The port that the client reached, in [{@code first}, {@code last}]. */
        record DestinationPort(int first, int last) implements Rule {}

        /** The name that the client asked for in TLS; empty without. */
        record ServerName(StringMatcher matcher) implements Rule {}

        /** The client's verified certificate; without a matcher any will do. */
        record Authenticated(Optional<StringMatcher> name) implements Rule {}

        /** The address of the direct peer. */
        record PeerIp(AddressRange range) implements Rule {}

        /** The address of the direct peer, or what a PROXY protocol header says. */
        record ConnectionIp(AddressRange range) implements Rule {}

        /** The address of the client, which {@code x-forwarded-for} may tell. */
        record ClientIp(AddressRange range) implements Rule {}
    }

    /**
     * Addresses with the same first bits.
     *
     * @param length how many bits, 0..32 or 0..128
     */
    public record AddressRange(InetAddress prefix, int length) {
        public boolean contains(InetAddress address) {
            byte[] one = prefix.getAddress();
            byte[] other = address.getAddress();
            if (one.length != other.length) {
                return false;
            }
            int whole = length / 8;
            for (int i = 0; i < whole; i++) {
                if (one[i] != other[i]) {
                    return false;
                }
            }
            int rest = length % 8;
            return rest == 0 || ((one[whole] ^ other[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
        }
    }
}
