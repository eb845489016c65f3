package dev.sluice.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec;
import dev.sluice.proxy.snapshot.listener.FilterChainMatchSpec.SourceType;
import dev.sluice.proxy.snapshot.part.CidrSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Envoy's order of criteria, and that there is no way back. */
class ChainMatcherTest {
    private final List<FilterChainMatchSpec> chains = new ArrayList<>();

    /** A match with one criterion or a few. */
    private record Wanted(
            OptionalInt port,
            List<CidrSpec> destinations,
            List<String> names,
            String transport,
            List<String> protocols,
            List<CidrSpec> sources,
            SourceType type,
            List<Integer> sourcePorts) {
        static final Wanted ALL =
                new Wanted(
                        OptionalInt.empty(),
                        List.of(),
                        List.of(),
                        "",
                        List.of(),
                        List.of(),
                        SourceType.ANY,
                        List.of());

        Wanted port(int number) {
            return new Wanted(
                    OptionalInt.of(number),
                    destinations,
                    names,
                    transport,
                    protocols,
                    sources,
                    type,
                    sourcePorts);
        }

        Wanted destinations(String... ranges) {
            return new Wanted(
                    port, cidrs(ranges), names, transport, protocols, sources, type, sourcePorts);
        }

        Wanted names(String... some) {
            return new Wanted(
                    port,
                    destinations,
                    List.of(some),
                    transport,
                    protocols,
                    sources,
                    type,
                    sourcePorts);
        }

        Wanted transport(String name) {
            return new Wanted(
                    port, destinations, names, name, protocols, sources, type, sourcePorts);
        }

        Wanted protocols(String... some) {
            return new Wanted(
                    port,
                    destinations,
                    names,
                    transport,
                    List.of(some),
                    sources,
                    type,
                    sourcePorts);
        }

        Wanted sources(String... ranges) {
            return new Wanted(
                    port,
                    destinations,
                    names,
                    transport,
                    protocols,
                    cidrs(ranges),
                    type,
                    sourcePorts);
        }

        Wanted type(SourceType other) {
            return new Wanted(
                    port, destinations, names, transport, protocols, sources, other, sourcePorts);
        }

        Wanted sourcePorts(Integer... ports) {
            return new Wanted(
                    port, destinations, names, transport, protocols, sources, type, List.of(ports));
        }

        private static List<CidrSpec> cidrs(String... ranges) {
            List<CidrSpec> all = new ArrayList<>();
            for (String range : ranges) {
                int slash = range.indexOf('/');
                all.add(
                        new CidrSpec(
                                InetAddress.ofLiteral(range.substring(0, slash)),
                                Integer.parseInt(range.substring(slash + 1))));
            }
            return all;
        }
    }

    private void chain(Wanted wanted) {
        chains.add(
                new FilterChainMatchSpec(
                        wanted.port(),
                        wanted.destinations(),
                        wanted.names(),
                        wanted.transport(),
                        wanted.protocols(),
                        List.of(),
                        wanted.type(),
                        wanted.sources(),
                        wanted.sourcePorts()));
    }

    private int match(ConnectionFacts facts) {
        return new ChainMatcher(chains).match(facts).orElse(-1);
    }

    private static ConnectionFacts from(String client, int port, String local, int reached) {
        return ConnectionFacts.of(
                new InetSocketAddress(InetAddress.ofLiteral(client), port),
                new InetSocketAddress(InetAddress.ofLiteral(local), reached));
    }

    private static ConnectionFacts plain() {
        return from("10.1.2.3", 40_000, "10.9.9.9", 443);
    }

    @Test
    void an_exact_name_wins_over_a_suffix_and_the_longer_suffix_over_the_shorter() {
        chain(Wanted.ALL);
        chain(Wanted.ALL.names("*.com"));
        chain(Wanted.ALL.names("*.example.com"));
        chain(Wanted.ALL.names("www.example.com"));

        assertThat(match(plain().secured("www.example.com", List.of()))).isEqualTo(3);
        assertThat(match(plain().secured("a.b.example.com", List.of()))).isEqualTo(2);
        assertThat(match(plain().secured("example.com", List.of()))).as("no label").isEqualTo(1);
        assertThat(match(plain().secured("example.org", List.of()))).isEqualTo(0);
        assertThat(match(plain())).as("no name").isEqualTo(0);
    }

    @Test
    void the_destination_port_comes_before_the_name_and_there_is_no_way_back() {
        chain(Wanted.ALL.names("www.example.com"));
        chain(Wanted.ALL.port(443).names("other.example.com"));

        assertThat(match(plain().secured("www.example.com", List.of())))
                .as("the chains of port 443 have no such name")
                .isEqualTo(-1);
        assertThat(match(plain().secured("other.example.com", List.of()))).isEqualTo(1);
    }

    @Test
    void the_longest_range_wins() {
        chain(Wanted.ALL.destinations("10.0.0.0/8"));
        chain(Wanted.ALL.destinations("10.9.9.8/31", "192.168.0.0/16"));
        chain(Wanted.ALL.destinations("::/0"));

        assertThat(match(plain())).isEqualTo(1);
        assertThat(match(from("10.1.1.1", 1, "10.9.9.10", 443))).as("beyond /31").isEqualTo(0);
        assertThat(match(from("::1", 1, "fe80::1", 443))).as("IPv6").isEqualTo(2);
    }

    @Test
    void transport_comes_before_protocols_and_the_clients_first_offer_counts() {
        chain(Wanted.ALL.transport("raw_buffer"));
        chain(Wanted.ALL.transport("tls").protocols("h2"));
        chain(Wanted.ALL.transport("tls").protocols("http/1.1"));
        chain(Wanted.ALL.transport("tls"));

        assertThat(match(plain())).isEqualTo(0);
        assertThat(match(plain().secured("", List.of("h2", "http/1.1")))).isEqualTo(1);
        assertThat(match(plain().secured("", List.of("http/1.1", "h2")))).isEqualTo(2);
        assertThat(match(plain().secured("", List.of("acme-tls/1")))).isEqualTo(3);
    }

    @Test
    void sources_are_told_by_type_range_and_port() {
        chain(Wanted.ALL.type(SourceType.EXTERNAL));
        chain(Wanted.ALL.type(SourceType.EXTERNAL).sources("10.1.0.0/16"));
        chain(Wanted.ALL.type(SourceType.EXTERNAL).sources("10.1.0.0/16").sourcePorts(40_000));
        chain(Wanted.ALL.type(SourceType.SAME_IP_OR_LOOPBACK));

        assertThat(match(plain())).as("range and port").isEqualTo(2);
        assertThat(match(from("10.1.2.3", 1, "10.9.9.9", 443))).as("range").isEqualTo(1);
        assertThat(match(from("10.2.2.3", 1, "10.9.9.9", 443))).as("elsewhere").isEqualTo(0);
        assertThat(match(from("127.0.0.1", 1, "127.0.0.1", 443))).as("loopback").isEqualTo(3);
        assertThat(match(from("10.9.9.9", 1, "10.9.9.9", 443))).as("same address").isEqualTo(3);
    }
}
