package dev.sluice.proxy.exchange;

import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header or trailer fields in the order of the wire, without pseudo-headers: one flat array of
 * names and values that HTTP/1.1 and HTTP/2 share, so that a message crosses the proxy without
 * being rebuilt.
 *
 * <p>Names are lower-case. Values are bytes, one char each (ISO-8859-1), and never transcoded. A
 * codec has checked both before a block exists: no CR, LF or NUL, names are tokens (RFC 9110
 * section 5.1).
 *
 * <p>Loop-owned and mutable until it is given away; whoever gets a block owns it. Use {@link
 * #copy()} to keep one.
 */
public final class HeaderBlock {
    private static final int INITIAL_FIELDS = 16;

    private CharSequence[] fields;
    private int length;

    /**
     * {@link #tag} of the name of each field: a walk over them meets few names but the right one.
     */
    private byte[] tags;

    /** One bit for the tag of each name that is or was here: most absent names miss it. */
    private long names;

    /** The bits of {@link #names} whose name was added a second time: most names stand once. */
    private long repeated;

    public HeaderBlock() {
        this(INITIAL_FIELDS);
    }

    /**
     * @param capacity fields that there is room for at first
     */
    public HeaderBlock(int capacity) {
        fields = new CharSequence[2 * capacity];
        tags = new byte[capacity];
    }

    /** Number of fields, repeated names counted each. */
    public int size() {
        return length / 2;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * Name of field {@code index}.
     *
     * @param index 0..size-1
     */
    public CharSequence name(int index) {
        return fields[2 * index];
    }

    /**
     * Value of field {@code index}.
     *
     * @param index 0..size-1
     */
    public CharSequence value(int index) {
        return fields[2 * index + 1];
    }

    /** Value of the first field of this lower-case name; null when there is none. */
    public @Nullable CharSequence first(CharSequence name) {
        int at = indexOf(name, tag(name), 0);
        return at < 0 ? null : fields[at + 1];
    }

    /** Values of all fields of this lower-case name, joined by commas; null when there is none. */
    public @Nullable CharSequence joined(CharSequence name) {
        byte tag = tag(name);
        int at = indexOf(name, tag, 0);
        if (at < 0) {
            return null;
        }
        int next = (repeated & bit(tag)) == 0 ? -1 : indexOf(name, tag, at + 2);
        if (next < 0) {
            return fields[at + 1];
        }
        StringBuilder all = new StringBuilder().append(fields[at + 1]);
        for (; next >= 0; next = indexOf(name, tag, next + 2)) {
            all.append(',').append(fields[next + 1]);
        }
        return all;
    }

    public boolean contains(CharSequence name) {
        return indexOf(name, tag(name), 0) >= 0;
    }

    /** Appends a field; an equal name before it stays. */
    public HeaderBlock add(CharSequence name, CharSequence value) {
        byte tag = tag(name);
        add(name, tag, value);
        return this;
    }

    private void add(CharSequence name, byte tag, CharSequence value) {
        if (indexOf(name, tag, 0) >= 0) {
            repeated |= bit(tag);
        }
        names |= bit(tag);
        if (length == fields.length) {
            fields = Arrays.copyOf(fields, Math.max(2 * INITIAL_FIELDS, 2 * length));
            tags = Arrays.copyOf(tags, fields.length / 2);
        }
        tags[length / 2] = tag;
        fields[length++] = name;
        fields[length++] = value;
    }

    /** Puts one field in the place of all of this name. */
    public HeaderBlock set(CharSequence name, CharSequence value) {
        byte tag = tag(name);
        int at = indexOf(name, tag, 0);
        if (at < 0) {
            add(name, tag, value);
            return this;
        }
        fields[at + 1] = value;
        if ((repeated & bit(tag)) != 0) {
            removeFrom(name, tag, at + 2);
        }
        return this;
    }

    /** Removes all fields of this name; says whether there was one. */
    public boolean remove(CharSequence name) {
        byte tag = tag(name);
        int at = indexOf(name, tag, 0);
        if (at < 0) {
            return false;
        }
        removeFrom(name, tag, at);
        return true;
    }

    public void forEach(BiConsumer<CharSequence, CharSequence> action) {
        for (int i = 0; i < length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /** An independent block with the same fields; room for a few more. */
    public HeaderBlock copy() {
        HeaderBlock copy = new HeaderBlock(size() + 4);
        System.arraycopy(fields, 0, copy.fields, 0, length);
        System.arraycopy(tags, 0, copy.tags, 0, size());
        copy.length = length;
        copy.names = names;
        copy.repeated = repeated;
        return copy;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private void removeFrom(CharSequence name, byte tag, int start) {
        int kept = start;
        for (int i = start; i < length; i += 2) {
            if (tags[i / 2] != tag || !same(fields[i], name)) {
                tags[kept / 2] = tags[i / 2];
                fields[kept++] = fields[i];
                fields[kept++] = fields[i + 1];
            }
        }
        Arrays.fill(fields, kept, length, null);
        length = kept;
    }

    private int indexOf(CharSequence name, byte tag, int start) {
        if ((names & bit(tag)) == 0) {
            return -1;
        }
        for (int i = start; i < length; i += 2) {
            if (tags[i / 2] == tag && same(fields[i], name)) {
                return i;
            }
        }
        return -1;
    }

    /** A number that equal names share; a text of octets knows its hash. */
    private static byte tag(CharSequence name) {
        int hash = AsciiString.hashCode(name);
        return (byte) (hash ^ (hash >>> 15));
    }

    private static long bit(byte tag) {
        return 1L << tag;
    }

    /**
     * Names are interned constants for all common headers, so identity decides most comparisons.
     */
    private static boolean same(CharSequence a, CharSequence b) {
        return a == b || (a.length() == b.length() && AsciiString.contentEquals(a, b));
    }
}
