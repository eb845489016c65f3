package dev.sluice.demo.load;

import java.net.URI;

/** What a user asks for. Immutable. */
public sealed interface Call {
    /** The user who asks, 1..users. */
    int user();

    /** {@code GET /customers/{user}}. */
    record ReadCustomer(int user) implements Call {}

    /** {@code PUT /customers/{user}}. */
    record Rename(int user, String fullName) implements Call {}

    /** {@code GET /orders/{user}}. */
    record ReadOrder(int user) implements Call {}

    /** {@code POST /orders}. */
    record PlaceOrder(int user, String orderId, String item) implements Call {}

    /** Which of the shop's two services answers, as its address at the edge. */
    default URI at(Edge edge) {
        return switch (this) {
            case ReadCustomer(int user) -> edge.customers().resolve("/customers/" + user);
            case Rename(int user, String _) -> edge.customers().resolve("/customers/" + user);
            case ReadOrder(int user) -> edge.orders().resolve("/orders/" + user);
            case PlaceOrder _ -> edge.orders().resolve("/orders");
        };
    }

    /** Whether it changes data. */
    default boolean isWrite() {
        return switch (this) {
            case ReadCustomer _, ReadOrder _ -> false;
            case Rename _, PlaceOrder _ -> true;
        };
    }

    /**
     * Where users come in: the edge sidecar's listeners.
     *
     * @param customers base address of {@code customers}
     * @param orders base address of {@code orders}
     */
    record Edge(URI customers, URI orders) {}
}
