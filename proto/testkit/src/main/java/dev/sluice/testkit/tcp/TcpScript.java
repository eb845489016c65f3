package dev.sluice.testkit.tcp;

/** What a {@link TcpUpstream} does with one connection. Called once per connection. */
@FunctionalInterface
public interface TcpScript {
    /**
     * Plays the part of the server; runs on a virtual thread of its own and may block. When it
     * returns, the connection is closed.
     *
     * @throws Exception an {@link java.io.IOException} is a peer that went away and ends only this
     *     connection; anything else fails the test at {@link TcpUpstream#close}
     */
    void serve(TcpConnection connection) throws Exception;
}
