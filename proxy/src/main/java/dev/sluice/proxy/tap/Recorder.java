package dev.sluice.proxy.tap;

import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import dev.sluice.proxy.tap.TapMessage.Side;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Is told what passes of one exchange, and makes messages of it. Loop-owned. */
interface Recorder {
    /**
     * A head or trailers.
     *
     * @return false: there is no memory for them
     */
    boolean fields(Part part, List<TapField> fields);

    /** A part of a body; the buffer stays as it is. */
    void body(Side side, ByteBuf data);

    /** It is decided that the exchange matches; once, before any later part. */
    void matched();

    /** It is decided that it does not; nothing more is told. */
    void dropped();

    /**
     * Nothing more comes of an exchange that matched.
     *
     * @param upstream address of the endpoint of the last attempt
     */
    void end(Optional<InetSocketAddress> upstream);
}
