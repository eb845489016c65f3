package dev.sluice.proxy.snapshot.part;

/**
 * An IP address and port to bind or to connect to.
 *
 * @param address IPv4 or IPv6 text, or a host name where the cluster resolves it
 * @param port 0..65,535; 0 lets the system choose (listeners only)
 */
public record SocketAddressSpec(String address, int port) {
    @Override
    public String toString() {
        return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
    }
}
