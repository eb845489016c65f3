package dev.sluice.demo.stage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of one act, free on all of loopback when they were chosen. Immutable.
 *
 * @param admin of the control plane's API
 * @param xds of its xDS services
 * @param web of its status page
 * @param customers where sidecars listen for calls to {@code customers}
 * @param orders likewise for {@code orders}
 * @param inbound where sidecars take calls for the service beside them
 * @param application where the services themselves listen
 * @param proxyAdmin of the sidecars' admin listener
 */
record Ports(
        int admin,
        int xds,
        int web,
        int customers,
        int orders,
        int inbound,
        int application,
        int proxyAdmin) {
    static Ports choose() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            int[] ports = new int[8];
            for (int i = 0; i < ports.length; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
                held.add(socket);
                ports[i] = socket.getLocalPort();
            }
            return new Ports(
                    ports[0], ports[1], ports[2], ports[3], ports[4], ports[5], ports[6], ports[7]);
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
