package dev.sluice.control.cli.resource;

import com.google.protobuf.Message;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;
import java.util.List;

/**
 * A kind of resource whose keys move by a share: a gate, or a set of them. Implementations are
 * immutable.
 */
public interface HasShare<R extends Message> extends Kind<R> {
    /** Guarded by the etag. */
    R setShare(
            Channel channel, String name, Share share, String etag, String reason, Change change);

    /** Takes the share back to 0 and stops a ramp. */
    R rollback(Channel channel, String name, String reason, Change change);

    /** Takes every key back at once, until {@link #resume}. */
    R kill(Channel channel, String name, String reason, Change change);

    /** Ends a kill and acknowledges trips. */
    R resume(Channel channel, String name, List<String> trips, String reason, Change change);

    /** Etag of the resource as it is. */
    String etag(Channel channel, String name);
}
