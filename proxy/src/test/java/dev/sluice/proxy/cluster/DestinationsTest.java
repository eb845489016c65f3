package dev.sluice.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.endpoint.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DestinationsTest {
    private static final InetSocketAddress A = at("192.0.2.1");
    private static final InetSocketAddress B = at("2001:db8::1");

    private final Destinations destinations = new Destinations();

    private static InetSocketAddress at(String ip) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), 80);
    }

    @Test
    void an_address_is_one_endpoint_for_all_who_want_it() {
        Endpoint first = destinations.at(A);

        assertThat(destinations.at(A)).isSameAs(first);
        assertThat(destinations.at(B)).as("another address").isNotSameAs(first);
        assertThat(first.address()).isEqualTo(A);
        assertThat(first.weight()).as("weight").isEqualTo(1);
        assertThat(first.availability()).isEqualTo(Endpoint.Availability.HEALTHY);
        assertThat(destinations.all())
                .extracting(Endpoint::address)
                .as("all")
                .containsExactlyInAnyOrder(A, B);
    }

    @Test
    void what_nobody_wanted_between_two_sweeps_goes() {
        destinations.at(A);
        destinations.at(B);

        assertThat(destinations.sweep()).as("something went at once").isFalse();
        destinations.at(B);
        assertThat(destinations.sweep()).as("something went").isTrue();
        assertThat(destinations.all()).extracting(Endpoint::address).containsExactly(B);
    }

    @Test
    void what_is_at_work_stays_through_any_number_of_sweeps() {
        Endpoint busy = destinations.at(A);
        busy.load().begin();
        destinations.sweep();
        destinations.sweep();

        assertThat(destinations.all()).as("at work").containsExactly(busy);
        busy.load().succeed();
        assertThat(destinations.sweep()).as("something went").isTrue();
        assertThat(destinations.at(A)).as("one anew").isNotSameAs(busy);
    }

    @Test
    void sweeps_go_on_until_they_are_stopped() {
        ScriptedThread thread = new ScriptedThread();
        AtomicInteger sweeps = new AtomicInteger();
        Repeated repeated = new Repeated(thread, Duration.ofSeconds(5), sweeps::incrementAndGet);
        repeated.start();

        thread.advance(Duration.ofSeconds(4));
        assertThat(sweeps).as("before the interval").hasValue(0);
        thread.advance(Duration.ofSeconds(1));
        thread.advance(Duration.ofSeconds(5));
        assertThat(sweeps).as("after two intervals").hasValue(2);
        repeated.stop();
        assertThat(thread.due()).as("what is still to come").isEmpty();
    }
}
