/** Tests of the read-write lock below its public classes. */
package org.processmanager.sync.internal.rwlock;
