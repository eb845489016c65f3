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

    /** One bit for each name that is or was here, by {@link #bit}: most absent names miss it. */
    private long names;

    /** The bits of {@link #names} that were set a second time: most names stand once. */
    private long repeated;

    public HeaderBlock() {
        this(INITIAL_FIELDS);
    }

    /**
     * @param capacity fields that there is room for at first
     */
    public HeaderBlock(int capacity) {
        fields = new CharSequence[2 * capacity];
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
        int at = indexOf(name, 0);
        return at < 0 ? null : fields[at + 1];
    }

    /** Values of all fields of this lower-case name, joined by commas; null when there is none. */
    public @Nullable CharSequence joined(CharSequence name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return null;
        }
        int next = (repeated & bit(name)) == 0 ? -1 : indexOf(name, at + 2);
        if (next < 0) {
            return fields[at + 1];
        }
        StringBuilder all = new StringBuilder().append(fields[at + 1]);
        for (; next >= 0; next = indexOf(name, next + 2)) {
            all.append(',').append(fields[next + 1]);
        }
        return all;
    }

    public boolean contains(CharSequence name) {
        return indexOf(name, 0) >= 0;
    }

    /** Appends a field; an equal name before it stays. */
    public HeaderBlock add(CharSequence name, CharSequence value) {
        if (length == fields.length) {
            fields = Arrays.copyOf(fields, Math.max(2 * INITIAL_FIELDS, 2 * length));
        }
        fields[length++] = name;
        fields[length++] = value;
        long bit = bit(name);
        repeated |= names & bit;
        names |= bit;
        return this;
    }

    /** Puts one field in the place of all of this name. */
    public HeaderBlock set(CharSequence name, CharSequence value) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return add(name, value);
        }
        fields[at + 1] = value;
        if ((repeated & bit(name)) != 0) {
            removeFrom(name, at + 2);
        }
        return this;
    }

    /** Removes all fields of this name; says whether there was one. */
    public boolean remove(CharSequence name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return false;
        }
        removeFrom(name, at);
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

    private void removeFrom(CharSequence name, int start) {
        int kept = start;
        for (int i = start; i < length; i += 2) {
            if (!same(fields[i], name)) {
                fields[kept++] = fields[i];
                fields[kept++] = fields[i + 1];
            }
        }
        Arrays.fill(fields, kept, length, null);
        length = kept;
    }

    private int indexOf(CharSequence name, int start) {
        if ((names & bit(name)) == 0) {
            return -1;
        }
        for (int i = start; i < length; i += 2) {
            if (same(fields[i], name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * A bit that equal names share, from what tells common names apart: length and three octets.
     */
    private static long bit(CharSequence name) {
        int size = name.length();
        return size == 0
                ? 1
                : 1L
                        << (7 * size
                                + 3 * name.charAt(0)
                                + 5 * name.charAt(size - 1)
                                + name.charAt(size >> 1));
    }

    /**
     * Names are interned constants for all common headers, so identity decides most comparisons.
     */
    private static boolean same(CharSequence a, CharSequence b) {
        return a == b || (a.length() == b.length() && AsciiString.contentEquals(a, b));
    }
}
