package dev.sluice.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.cluster.HostResolver.Resolution;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery.Dns;
import dev.sluice.proxy.snapshot.cluster.DnsSpec;
import dev.sluice.proxy.snapshot.cluster.DnsSpec.BackOff;
import dev.sluice.proxy.snapshot.cluster.DnsSpec.Family;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsEndpointsTest {
    private static final EndpointSpec NAME = EndpointSpec.at(new SocketAddressSpec("app.test", 80));

    private final ScriptedThread thread = new ScriptedThread();
    private final List<List<String>> told = new ArrayList<>();
    private Resolution answer = found("10.0.0.2", "::1", "10.0.0.1");

    private static Resolution found(String... addresses) {
        return new Resolution.Found(
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
    }

    private void start(EndpointSpec host, DnsSpec dns) {
        LoadAssignmentSpec load =
                LoadAssignmentSpec.of(List.of(LocalitySpec.anywhere(List.of(host))));
        new DnsEndpoints(
                        new Dns(load, dns),
                        (name, then) -> then.accept(answer),
                        thread,
                        addresses ->
                                told.add(
                                        addresses.apply(host).stream()
                                                .map(one -> one.getAddress().getHostAddress())
                                                .toList()))
                .start();
    }

    @ParameterizedTest
    @CsvSource({
        "ALL, 0:0:0:0:0:0:0:1 10.0.0.1 10.0.0.2",
        "V4_ONLY, 10.0.0.1 10.0.0.2",
        "V6_ONLY, 0:0:0:0:0:0:0:1",
        "V4_PREFERRED, 10.0.0.1 10.0.0.2"
    })
    void addresses_of_the_family_count(Family family, String expected) {
        start(NAME, new DnsSpec(Duration.ofSeconds(5), Optional.empty(), family));

        assertThat(String.join(" ", told.getFirst())).isEqualTo(expected);
    }

    @Test
    void the_other_family_counts_where_the_preferred_one_has_none() {
        answer = found("::1");
        start(NAME, new DnsSpec(Duration.ofSeconds(5), Optional.empty(), Family.V4_PREFERRED));

        assertThat(told.getFirst()).containsExactly("0:0:0:0:0:0:0:1");
    }

    @Test
    void one_address_stays_while_the_name_has_it() {
        start(NAME, DnsSpec.DEFAULT.taking(DnsSpec.Taken.ONE));
        assertThat(told.getLast()).as("the first").containsExactly("10.0.0.2");

        answer = found("10.0.0.1", "10.0.0.2");
        thread.advance(Duration.ofSeconds(5));
        assertThat(told.getLast()).as("in another order").containsExactly("10.0.0.2");
        answer = found("10.0.0.3", "10.0.0.1");
        thread.advance(Duration.ofSeconds(5));
        assertThat(told.getLast()).as("others").containsExactly("10.0.0.3");
        answer = found();
        thread.advance(Duration.ofSeconds(5));
        assertThat(told.getLast()).as("none").containsExactly("10.0.0.3");
    }

    @Test
    void an_address_in_place_of_a_name_is_what_it_is() {
        answer = found("::1");
        start(
                EndpointSpec.at(new SocketAddressSpec("::1", 80)),
                new DnsSpec(Duration.ofSeconds(5), Optional.empty(), Family.V4_ONLY));

        assertThat(told.getFirst()).containsExactly("0:0:0:0:0:0:0:1");
    }

    @Test
    void a_name_that_fails_keeps_its_addresses_and_is_asked_again_after_doubling_times() {
        answer = found("10.0.0.1");
        start(
                NAME,
                new DnsSpec(
                        Duration.ofSeconds(60),
                        Optional.of(new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(3))),
                        Family.ALL));
        assertThat(thread.due()).as("after a success").containsExactly(Duration.ofSeconds(60));

        answer = new Resolution.Failed("no answer");
        thread.advance(Duration.ofSeconds(60));
        assertThat(told.getLast()).as("what it had").containsExactly("10.0.0.1");
        assertThat(thread.due()).as("after a failure").containsExactly(Duration.ofSeconds(1));
        thread.advance(Duration.ofSeconds(1));
        assertThat(thread.due()).as("after two").containsExactly(Duration.ofSeconds(2));
        thread.advance(Duration.ofSeconds(2));
        assertThat(thread.due()).as("after three").containsExactly(Duration.ofSeconds(3));
        thread.advance(Duration.ofSeconds(3));
        assertThat(thread.due()).as("after four").containsExactly(Duration.ofSeconds(3));

        answer = found("10.0.0.2");
        thread.advance(Duration.ofSeconds(3));
        assertThat(told.getLast()).containsExactly("10.0.0.2");
        assertThat(thread.due()).as("after a success").containsExactly(Duration.ofSeconds(60));
    }

    @Test
    void without_times_of_its_own_a_failure_waits_as_a_success_does() {
        answer = new Resolution.Failed("no answer");
        start(NAME, DnsSpec.DEFAULT);

        assertThat(thread.due()).containsExactly(Duration.ofSeconds(5));
    }
}
