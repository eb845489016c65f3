package dev.sluice.control.cli.resource;

import com.google.protobuf.Message;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;

/** A kind of resource that can be created from a file (AIP 133). Implementations are immutable. */
public interface Created<R extends Message> extends Listed<R> {
    /** The empty resource. */
    R prototype();

    /** Creates a resource under the name that it has. */
    R create(Channel channel, R resource, Change change);
}
