package dev.sluice.proxy.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.Policy.OriginalDestination;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WantedDestinationTest {
    private static HeaderBlock headers(String value) {
        HeaderBlock headers = new HeaderBlock();
        headers.add("x-goal", value);
        return headers;
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:80, 192.0.2.1, 80",
        "' 192.0.2.1:65535 ', 192.0.2.1, 65535",
        "'[2001:db8::1]:443', 2001:db8::1, 443",
    })
    void a_header_names_an_address_and_a_port(String value, String ip, int port) {
        assertThat(WantedDestination.byHeader(new OriginalDestination("x-goal", 0), headers(value)))
                .contains(new InetSocketAddress(InetAddress.ofLiteral(ip), port));
    }

    @Test
    void the_port_of_the_cluster_goes_before_the_one_that_was_wanted() {
        assertThat(
                        WantedDestination.byHeader(
                                new OriginalDestination("x-goal", 15_006), headers("192.0.2.1:80")))
                .contains(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 15_006));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "192.0.2.1",
                "192.0.2.1:",
                "192.0.2.1:0",
                "192.0.2.1:65536",
                "192.0.2.1:+80",
                "192.0.2.1:080080",
                "192.0.2:80",
                "2001:db8::1",
                "2001:db8::1:80",
                "[192.0.2.1]:80",
                "[]:80",
                "[2001:db8::1]",
                "example.com:80",
                "192.0.2.1:80, 192.0.2.2:80"
            })
    void anything_else_counts_as_no_header(String value) {
        assertThat(WantedDestination.byHeader(new OriginalDestination("x-goal", 0), headers(value)))
                .isEmpty();
    }

    @Test
    void no_header_counts_where_the_cluster_asks_for_none() {
        assertThat(
                        WantedDestination.byHeader(
                                new OriginalDestination("", 0), headers("192.0.2.1:80")))
                .isEmpty();
    }
}
