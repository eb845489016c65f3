package dev.sluice.control.cli.resource;

import com.google.protobuf.Message;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import io.grpc.Channel;
import java.util.ArrayList;
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

    /** Whether nobody seems to need it any more. */
    default boolean isStale(R resource) {
        return false;
    }

    /** One page of those in {@code parent}; {@code parent} is not used by kinds at the top. */
    Listing<R> list(Channel channel, String parent, String pageToken);

    /** All of them, page by page. */
    static <R extends Message> List<R> all(Listed<R> kind, Channel channel, String parent) {
        List<R> all = new ArrayList<>();
        String pageToken = "";
        do {
            Listing<R> page = kind.list(channel, parent, pageToken);
            all.addAll(page.resources());
            pageToken = page.nextPageToken();
        } while (!pageToken.isEmpty());
        return all;
    }
}
