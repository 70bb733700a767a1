package org.processmanager.ipc.internal.mapped;

import org.processmanager.sync.internal.region.ObjectCare;
import org.processmanager.sync.internal.region.ObjectKinds;

/** The kinds of objects of this module. */
public final class ChannelKinds implements ObjectKinds {
    @Override
    public void register() {
        ObjectCare.register(ChannelDescriptor.KIND, new ChannelCare());
    }
}
