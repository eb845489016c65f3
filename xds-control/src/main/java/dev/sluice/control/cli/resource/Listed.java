package dev.sluice.control.cli.resource;

import com.google.protobuf.Message;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import io.grpc.Channel;
import java.util.List;

/**
 * A kind of resource that can be read: its names, its columns, and how it is got and listed (AIP
 * 131, 132). Implementations are immutable.
 */
public interface Listed<R extends Message> {
    /** Word for one, lower case, as the command is called. */
    String noun();

    Shape shape();

    List<Column<R>> columns(Words words);

    R get(Channel channel, String name);

    /** One page of those in {@code parent}; {@code parent} is not used by kinds at the top. */
    Listing<R> list(Channel channel, String parent, String pageToken);
}
