package dev.sluice.chaos.toxiproxy.toxic;

import io.netty.buffer.ByteBuf;

/**
 * One toxic at work on one direction of one connection. A stage gets its {@link Outlet} when it is
 * made and gives everything to it, at once or later. Owned by the connection's event loop.
 *
 * <h2>Reference counting</h2>
 *
 * Who calls {@link #data} gives the buffer away; the stage passes it to its outlet or releases it.
 */
public interface Stage {
    /** Some bytes, at least one. */
    void data(ByteBuf chunk);

    /** Nothing follows. Called at most once. */
    void end(Ending ending);

    /** Whether the sender should pause because this stage holds enough. */
    default boolean full() {
        return false;
    }

    /** The toxic has other attributes from now on. */
    default void change(Toxic toxic) {}

    /** The toxic is taken away: whatever is held goes on now, and no call follows. */
    default void leave() {}

    /** The connection is gone: whatever is held is released, and no call follows. */
    default void drop() {}
}
