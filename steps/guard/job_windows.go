package guard

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var isProcessInJob = windows.NewLazySystemDLL("kernel32.dll").NewProc("IsProcessInJob")

// ownJob asks Windows about this process
// (https://learn.microsoft.com/windows/win32/api/jobapi/nf-jobapi-isprocessinjob, with no job: whether it is in any).
func ownJob() Job {
	var in int32
	if isProcessInJob.Find() != nil {
		return UnreadJob
	}
	if ok, _, _ := isProcessInJob.Call(uintptr(windows.CurrentProcess()), 0, uintptr(unsafe.Pointer(&in))); ok == 0 {
		return UnreadJob
	}
	if in == 0 {
		return NoJob
	}
	if !limitsAreTold() {
		return UnreadJob
	}
	limits, err := limitsOf(0)
	switch {
	case err != nil:
		return UnreadJob
	case limits&windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE != 0:
		return KillingJob
	}
	return OwnedJob
}

// limitsOf are the flags of a job, or of the innermost that this process is in
// (https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-queryinformationjobobject).
func limitsOf(job windows.Handle) (uint32, error) {
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	err := windows.QueryInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), nil)
	return info.BasicLimitInformation.LimitFlags, err
}

// limitsAreTold reports that this system tells the limits of a job as they are. Wine knows them, and answers with none:
// there a job that kills looks like one that does not.
func limitsAreTold() bool {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return false
	}
	defer windows.CloseHandle(job) //nolint:errcheck // nothing is in it
	if limitJob(job, windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE) != nil {
		return false
	}
	limits, err := limitsOf(job)
	return err == nil && limits&windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE != 0
}

func limitJob(job windows.Handle, flags uint32) error {
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: flags}}
	_, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	return err
}
