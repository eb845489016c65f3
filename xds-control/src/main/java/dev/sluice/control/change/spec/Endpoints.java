package dev.sluice.control.change.spec;

import java.time.Duration;
import java.util.List;

/** Where a version runs. Immutable. */
public sealed interface Endpoints {
    /** Fixed addresses; at least one, no duplicates. */
    record Static(List<Endpoint> endpoints) implements Endpoints {
        public Static {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * A DNS name whose every address is an endpoint.
     *
     * @param port 1..65,535
     * @param refresh how often it is resolved again, 1 s..1 h; 5 s by default
     */
    record Dns(String host, int port, Duration refresh) implements Endpoints {}

    /** Addresses that change often and are pushed alone (EDS); at least one, no duplicates. */
    record Eds(List<Endpoint> endpoints) implements Endpoints {
        public Eds {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * One address.
     *
     * @param address IP address
     * @param port 1..65,535
     * @param weight relative share among the endpoints, 1..128; 1 by default
     */
    record Endpoint(String address, int port, int weight) {}
}
