/** Stress tests of the lane, in its package because the lane is not public. */
package org.processmanager.ipc.internal.mapped;
