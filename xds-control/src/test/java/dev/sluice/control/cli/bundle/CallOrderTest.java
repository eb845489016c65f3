package dev.sluice.control.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.Service;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CallOrderTest {
    private static boolean nobody(String name) {
        return false;
    }

    private static Service service(String name, String... calls) {
        return Service.newBuilder().setName(name).addAllCalls(List.of(calls)).build();
    }

    private static List<Service> order(Predicate<String> present, Service... services) {
        return CallOrder.of(List.of(services), present);
    }

    @Test
    void whom_a_service_calls_comes_before_it() {
        Service edge = service("edge", "orders", "customers");
        Service orders = service("orders", "customers");
        Service customers = service("customers");

        assertThat(order(CallOrderTest::nobody, edge, orders, customers))
                .containsExactly(customers, orders, edge);
    }

    @Test
    void services_that_do_not_call_each_other_keep_their_order() {
        Service b = service("b");
        Service a = service("a");

        assertThat(order(CallOrderTest::nobody, b, a)).containsExactly(b, a);
    }

    @Test
    void a_circle_is_closed_once_all_of_it_are_there() {
        Service a = service("a", "b");
        Service b = service("b", "c");
        Service c = service("c", "a").toBuilder().setEtag("e").build();

        assertThat(order(CallOrderTest::nobody, a, b, c))
                .containsExactly(
                        c.toBuilder().clearCalls().build(),
                        b,
                        a,
                        c.toBuilder().clearEtag().build());
    }

    @Test
    void a_call_in_a_circle_that_can_be_named_already_is_not_taken_out() {
        Service a = service("a", "b");
        Service b = service("b", "a");

        assertThat(order("a"::equals, a, b)).containsExactly(b, a);
    }

    @Test
    void a_service_may_call_itself_and_services_that_are_not_in_the_file() {
        Service a = service("a", "a", "elsewhere");

        assertThat(order(CallOrderTest::nobody, a)).containsExactly(a);
    }

    @Test
    void what_stands_twice_in_the_file_is_put_twice() {
        Service once = service("a");
        Service twice = service("a", "b");

        assertThat(order(CallOrderTest::nobody, once, twice, service("b")))
                .containsExactly(service("b"), once, twice);
    }
}
