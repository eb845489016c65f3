package dev.sluice.control.cli.resource;

import com.google.protobuf.Message;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;

/** A kind of resource with all standard methods (AIP 131-135). Implementations are immutable. */
public interface Kind<R extends Message> extends Created<R>, Updated<R> {
    @Override
    R prototype();

    void delete(Channel channel, String name, String etag, Change change);
}
