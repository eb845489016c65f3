package dev.sluice.control.cli.resource;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import dev.sluice.control.cli.session.Change;
import io.grpc.Channel;

/** A kind of resource with all standard methods (AIP 131-135). Implementations are immutable. */
public interface Kind<R extends Message> extends Created<R> {
    /** Changes the fields of the mask; with an empty mask, those that are set. */
    R update(Channel channel, R resource, FieldMask mask, Change change);

    void delete(Channel channel, String name, String etag, Change change);
}
