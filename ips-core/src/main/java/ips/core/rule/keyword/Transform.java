package ips.core.rule.keyword;

import ips.core.inspect.ByteRange;

/** Makes other bytes of a buffer before they are looked at: lower case, without white space. */
interface Transform {
    /**
     * @param memory where the result may lie, if it does not lie where the bytes did
     */
    ByteRange apply(ByteRange bytes, Inspection.Memory memory);

    /** Why bytes are in nothing that it makes, or null where they may be. */
    default String neverMakes(byte[] content) {
        return null;
    }
}
